#include "simulator/abi/call_values.h"

#include <cstdint>

namespace vdisim {
namespace {

TraceField Number(const char* name, int64_t value) { return {name, TraceNumber(value)}; }

}  // namespace

void AddConfiguration(const VDConfig* configuration, std::vector<TraceField>* fields) {
  if (configuration == nullptr) {
    fields->push_back({"pCfg", TraceAddress(nullptr)});
    return;
  }
  fields->push_back(Number("deviceCount", configuration->deviceCount));
  fields->push_back(Number("features", configuration->features));
  fields->push_back(Number("prefixZoneSize", configuration->prefixZoneSize));
  fields->push_back(Number("alignment", configuration->alignment));
  fields->push_back(Number("softFileMarkBlockSize", configuration->softFileMarkBlockSize));
  fields->push_back(Number("EOMWarningSize", configuration->EOMWarningSize));
  fields->push_back(Number("serverTimeOut", configuration->serverTimeOut));
  fields->push_back(Number("blockSize", configuration->blockSize));
  fields->push_back(Number("maxIODepth", configuration->maxIODepth));
  fields->push_back(Number("maxTransferSize", configuration->maxTransferSize));
  fields->push_back(Number("bufferAreaSize", configuration->bufferAreaSize));
}

void AddCommand(const VDC_Command* command, std::vector<TraceField>* fields) {
  fields->push_back({"pCmd", TraceAddress(command)});
  if (command == nullptr) return;
  fields->push_back(Number("commandCode", command->commandCode));
  fields->push_back(Number("size", command->size));
  fields->push_back(Number("position", command->position));
  fields->push_back({"buffer", TraceAddress(command->buffer)});
}

void AddCommand(const VDS_Command* command, std::vector<TraceField>* fields) {
  fields->push_back({"pCmd", TraceAddress(command)});
  if (command == nullptr) return;
  fields->push_back(Number("commandCode", command->commandCode));
  fields->push_back(Number("size", command->size));
  fields->push_back(Number("inPosition", command->inPosition));
  fields->push_back({"buffer", TraceAddress(command->buffer)});
}

}  // namespace vdisim
