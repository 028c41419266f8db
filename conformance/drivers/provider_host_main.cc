// vdi-provider-host: one client actor of a scenario, on a client library given as a file.
#include <iostream>

#include "conformance/drivers/com_face.h"
#include "conformance/drivers/com_library.h"
#include "conformance/drivers/linux_face.h"
#include "conformance/drivers/provider_host.h"
#include "conformance/drivers/subject_host.h"

namespace {

std::vector<std::string> Capabilities(const std::string& library, bool com) {
  std::vector<std::string> all = {com ? "com-face" : "linux-face", "secondary-clients",
                                  "buffer-handles"};
  if (!com && conform::ExportsComFactory(library)) all.emplace_back("com-face");
  return all;
}

std::unique_ptr<conform::ClientFace> LoadFace(const std::string& path, bool com) {
  if (com) {
    return std::make_unique<conform::ComFace>(conform::LoadComFactory(
        path, CLSID_MSSQL_ClientVirtualDeviceSet, IID_IClientVirtualDeviceSet2));
  }
  const conform::ProviderLibrary library(path);
  return std::make_unique<conform::LinuxFace>(library.functions());
}

}  // namespace

int main(int argc, char** argv) {
  const bool com = argc > 1 && std::string(argv[1]) == "--com";
  if (argc != (com ? 3 : 2)) {
    std::cerr << "usage: vdi-provider-host [--com] LIBRARY\n"
                 "Carries out the steps of a scenario's client against LIBRARY: through its C++\n"
                 "classes, or with --com through its COM interfaces. It speaks the driver\n"
                 "protocol on standard input and output; vdi-conform starts it.\n";
    return 2;
  }
  const std::string path = argv[argc - 1];
  std::string trouble;
  std::unique_ptr<conform::ProviderHost> host;
  try {
    host = std::make_unique<conform::ProviderHost>(LoadFace(path, com));
  } catch (const conform::ProviderError& error) {
    trouble = error.what();
  }
  const conform::Greeting greeting = {"vdi-provider-host", path, Capabilities(path, com), trouble};
  conform::ServeSubject(greeting, host.get());
  return 0;
}
