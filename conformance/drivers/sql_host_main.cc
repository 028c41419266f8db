// vdi-sql-host: the sql-server actor of a scenario, the simulator's engine on the server interface
// that a library offers through VdiCreateInstance.
#include <iostream>
#include <memory>

#include "conformance/drivers/com_library.h"
#include "conformance/drivers/provider_library.h"
#include "conformance/drivers/sql_host.h"
#include "conformance/drivers/subject_host.h"

namespace {

std::unique_ptr<conform::SqlHost> MakeHost(const char* path, std::string* trouble) {
  try {
    const conform::ComFactory create = conform::LoadComFactory(
        path, CLSID_MSSQL_ServerVirtualDeviceSet, IID_IServerVirtualDeviceSet2);
    return std::make_unique<conform::SqlHost>([create]() -> IServerVirtualDeviceSet2* {
      void* set = nullptr;
      (void)create(CLSID_MSSQL_ServerVirtualDeviceSet, IID_IServerVirtualDeviceSet2, &set);
      return static_cast<IServerVirtualDeviceSet2*>(set);
    });
  } catch (const std::exception& error) {
    *trouble = error.what();
    return nullptr;
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: vdi-sql-host LIBRARY\n"
                 "Carries out the statements of a scenario's SQL Server with the server interface\n"
                 "of LIBRARY. It speaks the driver protocol on standard input and output;\n"
                 "vdi-conform starts it.\n";
    return 2;
  }
  std::string trouble;
  const std::unique_ptr<conform::SqlHost> host = MakeHost(argv[1], &trouble);
  const conform::Greeting greeting = {"vdi-sql-host", argv[1], {}, trouble};
  conform::ServeSubject(greeting, host.get());
  return 0;
}
