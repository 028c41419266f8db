#include "simulator/base/instance_name.h"

#include <gtest/gtest.h>

namespace vdisim {
namespace {

TEST(InstanceOfName, EveryNameOfTheDefaultInstanceIsEmpty) {  // G-52
  for (const char* name : {"", "MSSQLSERVER", "mssqlserver", "MsSqlServer"}) {
    const Result<std::string> instance = InstanceOfName(name);
    ASSERT_TRUE(instance.ok()) << name;
    EXPECT_EQ(instance.value(), "") << name;
  }
}

TEST(InstanceOfName, IgnoresCase) {
  EXPECT_EQ(InstanceOfName("Sales_2$a#").value(), "SALES_2$A#");
  EXPECT_EQ(InstanceOfName("sALES_2$A#").value(), "SALES_2$A#");
}

TEST(InstanceOfName, TakesSixteenCharactersAndNoMore) {
  EXPECT_TRUE(InstanceOfName("ABCDEFGHIJKLMNOP").ok());
  EXPECT_EQ(InstanceOfName("ABCDEFGHIJKLMNOPQ").code(), kInstanceName);
  EXPECT_TRUE(InstanceOfName("\xC3\xA9"
                             "BCDEFGHIJKLMNOP")
                  .ok())
      << "characters, not bytes";
}

TEST(InstanceOfName, RefusesWhatNoInstanceIsCalled) {  // C-CRE-04, C-CRE-10
  for (const char* name : {"host\\sales", "\\", "2sales", "$sales", "#sales", "sa les", "sales-2",
                           "sales.", ".", "sales,1433", "\xE9"}) {
    EXPECT_EQ(InstanceOfName(name).code(), kInstanceName) << name;
  }
}

TEST(InstanceOfName, MayStartWithAnUnderscore) { EXPECT_EQ(InstanceOfName("_").value(), "_"); }

}  // namespace
}  // namespace vdisim
