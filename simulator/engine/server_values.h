// What SELECT answers for the functions that only a server can answer, as backup programs ask them
// before they begin. Pure; any thread.
#ifndef SIMULATOR_ENGINE_SERVER_VALUES_H_
#define SIMULATOR_ENGINE_SERVER_VALUES_H_

#include <string>
#include <string_view>

#include "simulator/engine/message_sink.h"
#include "simulator/sql/statement.h"

namespace vdisim {

struct ServerFacts {
  std::string server_name;
  std::string instance;  // empty = the default one
  std::string database;  // the connection's current one
};

// The value of a function of SelectValue; "NULL", as sqlcmd prints it, for one without a value.
std::string ServerValue(std::string_view function, std::string_view argument,
                        const ServerFacts& facts);

// The one-row table of a SELECT.
ResultSet SelectTable(const SelectStatement& statement, const ServerFacts& facts);

}  // namespace vdisim

#endif  // SIMULATOR_ENGINE_SERVER_VALUES_H_
