// JUnit XML. Three flavours, because the programs that read it reject each other's files.
#ifndef REPORTS_JUNIT_H_
#define REPORTS_JUNIT_H_

#include <string>
#include <string_view>
#include <vector>

#include "reports/report_model.h"

namespace reports {

enum class JUnitFlavour {
  kStrict,    // one file that every reader accepts: schemas/junit-strict.xsd
  kSurefire,  // one file for a group, as Maven writes them: schemas/junit-surefire.xsd
  kRich,      // strict, with file, line and properties of each case, which strict readers reject
};

// "strict", "surefire", "rich"; any other name throws std::invalid_argument.
JUnitFlavour ParseJUnitFlavour(std::string_view name);

// The whole run as one document. kStrict or kRich; throws std::invalid_argument for kSurefire.
std::string JUnitXml(const Run& run, JUnitFlavour flavour = JUnitFlavour::kStrict);

struct NamedText {
  std::string file_name;
  std::string text;
};

// One document for each group: TEST-<group>.xml.
std::vector<NamedText> SurefireXml(const Run& run);

}  // namespace reports

#endif  // REPORTS_JUNIT_H_
