// Where things lie: an installation of its own, names with blanks, another user.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <string>

#include "conformance/cli/client_run.h"

namespace conform {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class ClientPlaces : public ClientRun {
 protected:
  // What a client is judged with, as an installation has it, below a folder of this name.
  std::string Install(const std::string& name) const {
    const fs::path from = fs::path(VDI_CONFORM).parent_path().parent_path();
    const fs::path to = fs::path(folder_) / name;
    for (const char* file :
         {"bin/vdi-conform", "bin/vdisim", "lib/libsqlvdi.so", "lib/libvdi-witness.so",
          "libexec/vdisim/vdi-client-keeper", "libexec/vdisim/sqlcmd", "libexec/vdisim/osql"}) {
      fs::create_directories((to / file).parent_path());
      fs::copy_file(from / file, to / file);
    }
    fs::copy_file(REFCLIENT, to / "bin/my client");
    return to.string();
  }
  // Runs it from there, with that client; `as` stands before the command.
  int RunFrom(const std::string& root, const std::string& arguments, const std::string& as = "") {
    const std::string temporary = folder_ + "/a place for files";
    fs::create_directories(temporary);
    fs::permissions(temporary, fs::perms::all);
    const std::string command =
        "cd / && " + as + " env TMPDIR='" + temporary + "' '" + root +
        "/bin/vdi-conform' run --client '\"" + root +
        "/bin/my client\" {operation} --database={database} --directory={artefact_dir} "
        "--timeout 5' --junit '" +
        temporary + "/j.xml' " + arguments + " > '" + folder_ + "/output' 2>&1";
    const int status = std::system(command.c_str());  // NOLINT(cert-env33-c): our own words
    output_ = Read("output");
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
};

// The witness is preloaded, and LD_PRELOAD takes a blank for the end of a name.
TEST_F(ClientPlaces, MayHaveBlanksInTheirNames) {
  const std::string root = Install("my tools");
  for (const std::string library : {"path", "preload"}) {
    EXPECT_EQ(RunFrom(root, "--client-library " + library +
                                " program.ordinary.backup program.flush.durable --trace '" +
                                folder_ + "/my traces'"),
              0)
        << output_;
    EXPECT_THAT(Read("my traces/program.ordinary.backup/1/job1/witness.jsonl"),
                HasSubstr("\"fsync\""));
    EXPECT_THAT(Read("my traces/program.ordinary.backup/1/job1/witness.jsonl"),
                HasSubstr("/my tools/lib/libsqlvdi.so"));
  }
}

TEST_F(ClientPlaces, MayNotHaveAColon) {
  EXPECT_EQ(RunFrom(Install("my:tools"), "program.ordinary.backup"), 3);
  EXPECT_THAT(output_, HasSubstr("install it elsewhere"));
}

TEST_F(ClientPlaces, MayBeAnotherUsers) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can become nobody";
  EXPECT_EQ(RunFrom(Install("tools"), "program.ordinary.round-trip 'program.medium.*'",
                    "setpriv --reuid=65534 --regid=65534 --clear-groups"),
            0)
      << output_;
}

}  // namespace
}  // namespace conform
