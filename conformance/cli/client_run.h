// `vdi-conform run --client`, for tests: what a vendor types, in a folder that is also its
// directory for temporary files.
#ifndef CONFORMANCE_CLI_CLIENT_RUN_H_
#define CONFORMANCE_CLI_CLIENT_RUN_H_

#include <cstdlib>
#include <filesystem>
#include <string>

#include "conformance/cli/program_test.h"

namespace conform {

class ClientRun : public VdiConform {
 protected:
  // The reference client, as its description would be.
  static std::string Reference(const std::string& more = "") {
    return " --client '" REFCLIENT
           " {operation} --database={database} --directory={artefact_dir} --devices={devices} "
           "--timeout 5 " +
           more +
           "' --client-capability stripes --client-artefact raw --client-idle-limit 5 "
           "--client-cancel SIGINT --client-artefact-file "
           "'{artefact_dir}/{database}.{n}of{devices}.vdi' ";
  }
  // A shell script as the client. It must not hold a single quote.
  static std::string Script(const std::string& script) {
    return " --client 'sh -c \"" + script + "\" {operation}' ";
  }
  // The directories of cases that are there.
  int CasesLeft() const {
    int left = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder_)) {
      left += entry.path().filename().string().starts_with("vdi-case-") ? 1 : 0;
    }
    return left;
  }
  int RunClient(const std::string& arguments) {
    setenv("TMPDIR", folder_.c_str(), 1);
    const int code = Run("run " + arguments + " --junit j.xml");
    unsetenv("TMPDIR");
    return code;
  }
};

}  // namespace conform

#endif  // CONFORMANCE_CLI_CLIENT_RUN_H_
