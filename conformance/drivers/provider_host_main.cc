// vdi-provider-host: one client actor of a scenario, on a client library given as a file.
#include <iostream>

#include "conformance/drivers/provider_host.h"

namespace {

// A library that cannot be loaded is told to the runner as the answer to its greeting.
conform::Json Greeting(const std::string& subject, const std::string& trouble) {
  conform::Json answer = conform::Json::object();
  answer["protocol"] = conform::kProtocolVersion;
  answer["driver"] = "vdi-provider-host";
  answer["subject"] = subject;
  if (!trouble.empty()) answer["unusable"] = trouble;
  return answer;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: vdi-provider-host LIBRARY\n"
                 "Carries out the steps of a scenario's client against LIBRARY. It speaks the\n"
                 "driver protocol on standard input and output; vdi-conform starts it.\n";
    return 2;
  }
  const std::string path = argv[1];
  std::string trouble;
  std::unique_ptr<conform::ProviderLibrary> library;
  std::unique_ptr<conform::ProviderHost> host;
  try {
    library = std::make_unique<conform::ProviderLibrary>(path);
    host = std::make_unique<conform::ProviderHost>(library->functions());
  } catch (const conform::ProviderError& error) {
    trouble = error.what();
  }
  conform::ServeRequests(
      [&](const conform::Json& request) {
        if (request.value("op", "") == "hello") return Greeting(path, trouble);
        if (host == nullptr) throw conform::RequestError(trouble);
        return host->Handle(request);
      },
      [&] {
        if (host != nullptr) host->LetGo();
      });
  return 0;
}
