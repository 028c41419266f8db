// BACKUP and RESTORE. Throws SyntaxError. One thread. Answers for N-20 to N-26.
#ifndef SIMULATOR_SQL_TRANSFER_PARSER_H_
#define SIMULATOR_SQL_TRANSFER_PARSER_H_

#include "simulator/sql/expression.h"
#include "simulator/sql/statement.h"
#include "simulator/sql/token_cursor.h"

namespace vdisim {

inline constexpr size_t kDevicesMax = 64;
inline constexpr size_t kDeviceNameCharactersMax = 259;

// The cursor stands on BACKUP or RESTORE. What is wrong with a well-formed statement is added to
// *errors.
TransferStatement ParseTransfer(TokenCursor& cursor, ExpressionParser& expressions,
                                std::vector<Message>& errors);

}  // namespace vdisim

#endif  // SIMULATOR_SQL_TRANSFER_PARSER_H_
