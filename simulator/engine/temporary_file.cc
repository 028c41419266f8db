#include "simulator/engine/temporary_file.h"

#include <fmt/format.h>

#include <random>
#include <system_error>
#include <utility>

namespace vdisim {
namespace {

// Unique among processes and threads for all practical purposes; the name decides nothing else, so
// it need not follow the engine's seed.
std::filesystem::path NameBeside(const std::filesystem::path& target) {
  std::random_device chance;
  std::filesystem::path name = target;
  name += fmt::format(".{:08x}{:08x}.tmp", chance(), chance());
  return name;
}

}  // namespace

TemporaryFile::TemporaryFile(std::filesystem::path target)
    : target_(std::move(target)), path_(NameBeside(target_)) {}

TemporaryFile::~TemporaryFile() {
  std::error_code ignored;
  if (!committed_) std::filesystem::remove(path_, ignored);
}

bool TemporaryFile::Commit() {
  std::error_code failure;
  std::filesystem::rename(path_, target_, failure);
  committed_ = !failure;
  return committed_;
}

}  // namespace vdisim
