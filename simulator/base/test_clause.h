// CLAUSE("C-GET-03") names the clause that a test answers for; it shows up in the JUnit XML.
// For tests.
#ifndef SIMULATOR_BASE_TEST_CLAUSE_H_
#define SIMULATOR_BASE_TEST_CLAUSE_H_

#include <gtest/gtest.h>

#define CLAUSE(id) ::testing::Test::RecordProperty("clause", id)

#endif  // SIMULATOR_BASE_TEST_CLAUSE_H_
