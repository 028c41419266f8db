// What the judge and vdi-client-keeper say to each other, over a socket that is the keeper's
// descriptor 3: one JSON object a line.
//
// The first line is the order:
//   {"words":["prog","arg"],"environment":["NAME=value"],"directory":"/case/work",
//    "file_bytes_max":1048576,"read_only":"/case/media","tmpfs":{"path":"/case/media","bytes":N},
//    "failing":{"calls":"write#3x1","below":"/case/media","short":false}}
// of which the last four may be missing. The keeper answers {"started":PID}, or {"refused":"why"}
// and ends. Then, in any order:
//   ->  {"do":"signal","signal":9,"pid":0}    0: the program's process group; else one process
//   ->  {"do":"settle","ms":500}              waits until nothing is left, then ends what is
//   <-  {"ended":{"status":0,"signal":0}}     the program itself, once
//   <-  {"left":["4711 sqlcmd -Q ..."]}       the answer to settle: what had to be killed
//   ->  (the socket ends)                     kills everything and ends
#ifndef CONFORMANCE_CLIENT_KEEPER_PROTOCOL_H_
#define CONFORMANCE_CLIENT_KEEPER_PROTOCOL_H_

#include <nlohmann/json.hpp>

namespace conform {

using Json = nlohmann::json;

inline constexpr int kKeeperSocket = 3;
inline constexpr const char* kKeeperProgram = "vdi-client-keeper";

}  // namespace conform

#endif  // CONFORMANCE_CLIENT_KEEPER_PROTOCOL_H_
