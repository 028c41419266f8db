// Every item of a client's description: where it stands in client.xml, its option, its help, how a
// text becomes its value and back. The reader, the command line and `vdi-conform init` all go by
// this one list, so none of them knows an item that the others do not. Constant; any thread.
#ifndef CONFORMANCE_CLIENT_CLIENT_ITEMS_H_
#define CONFORMANCE_CLIENT_CLIENT_ITEMS_H_

#include <string>
#include <vector>

#include "conformance/client/client_description.h"

namespace conform {

struct ClientItem {
  const char* element;    // below <client>; "" is <client> itself
  const char* attribute;  // "" is the element's text
  const char* option;     // "--client-cancel"
  const char* type;       // of the option's value, for the help: "NAME=VALUE"
  const char* help;       // a sentence without its full stop
  bool many;              // the element, and the option, may stand there several times
  const char* example;    // a value other than the default, for the commented file
  // Takes a value. Throws std::invalid_argument that says what was expected.
  void (*set)(ClientDescription* client, const std::string& value);
  // The values that a description has; one for an item that is not `many`.
  std::vector<std::string> (*get)(const ClientDescription& client);
};

const std::vector<ClientItem>& ClientItems();

}  // namespace conform

#endif  // CONFORMANCE_CLIENT_CLIENT_ITEMS_H_
