#include "conformance/client/artefact_files.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <fstream>
#include <system_error>
#include <utility>

namespace conform {
namespace {

namespace fs = std::filesystem;

// A cut "at a block boundary" is at a multiple of the default transfer, or of the smallest block.
constexpr uintmax_t kTransferBytes = 65536;
constexpr uintmax_t kBlockBytes = 512;
constexpr uintmax_t kInsideBytes = 100;

bool IsPrintable(unsigned char byte) {
  return byte == '\t' || byte == '\n' || byte == '\r' || (byte >= 0x20 && byte != 0x7f);
}

// The hash is FNV-1a: it tells contents apart; nobody here means harm.
void ReadContent(const fs::path& file, FileFact* fact) {
  uint64_t hash = 0xcbf29ce484222325U;
  bool text = true;
  std::ifstream stream(file, std::ios::binary);
  std::array<char, 65536> bytes{};
  while (stream.read(bytes.data(), bytes.size()), stream.gcount() > 0) {
    for (std::streamsize i = 0; i < stream.gcount(); ++i) {
      const auto byte = static_cast<unsigned char>(bytes[static_cast<size_t>(i)]);
      hash = (hash ^ byte) * 0x100000001b3U;
      text = text && IsPrintable(byte);
    }
  }
  fact->hash = fmt::format("{:016x}", hash);
  fact->text = text;
}

int64_t ModifiedNs(const fs::path& file) {
  struct stat facts = {};
  if (stat(file.c_str(), &facts) != 0) return 0;
  return int64_t{facts.st_mtim.tv_sec} * 1'000'000'000 + facts.st_mtim.tv_nsec;
}

uintmax_t CutAt(uintmax_t size) {
  const uintmax_t unit = size > kTransferBytes ? kTransferBytes : kBlockBytes;
  return size / 2 / unit * unit;
}

void FlipByte(const fs::path& file) {
  std::fstream stream(file, std::ios::binary | std::ios::in | std::ios::out);
  // In the second half of the artefact: data, not the head that tells what it is.
  const auto at = static_cast<std::streamoff>(fs::file_size(file) * 2 / 3);
  stream.seekg(at);
  const char byte = static_cast<char>(stream.get() ^ 0x20);
  stream.seekp(at);
  stream.put(byte);
}

std::vector<fs::path> Existing(const fs::path& directory, const std::vector<fs::path>& artefacts) {
  std::vector<fs::path> files;
  std::error_code error;
  for (const fs::path& file : artefacts) {
    if (fs::is_regular_file(file, error)) files.push_back(file);
  }
  if (!files.empty()) return files;
  for (const FileFact& fact : FilesIn(directory)) files.push_back(directory / fact.path);
  std::stable_sort(files.begin(), files.end(), [](const fs::path& a, const fs::path& b) {
    return fs::file_size(a) > fs::file_size(b);
  });
  return files;
}

}  // namespace

std::vector<FileFact> FilesIn(const fs::path& directory) {
  std::vector<FileFact> facts;
  std::error_code error;
  for (fs::recursive_directory_iterator entry(directory, error), end; !error && entry != end;
       entry.increment(error)) {
    std::error_code gone;
    if (!entry->is_regular_file(gone) || gone) continue;
    FileFact fact;
    fact.path = entry->path().lexically_relative(directory).string();
    fact.size = static_cast<int64_t>(entry->file_size(gone));
    fact.mtime_ns = ModifiedNs(entry->path());
    ReadContent(entry->path(), &fact);
    facts.push_back(std::move(fact));
  }
  std::sort(facts.begin(), facts.end(),
            [](const FileFact& a, const FileFact& b) { return a.path < b.path; });
  return facts;
}

std::string Damage(const std::string& what, const fs::path& directory,
                   const std::vector<fs::path>& artefacts) {
  if (what.empty()) return {};
  const std::vector<fs::path> files = Existing(directory, artefacts);
  if (files.empty()) return "nothing was stored below {artefact_dir} that could be damaged";
  const fs::path& first = files.front();
  if (what == "truncate-block") {
    fs::resize_file(first, CutAt(fs::file_size(first)));
  } else if (what == "truncate-inside") {
    const uintmax_t size = fs::file_size(first);
    fs::resize_file(first, std::min(size == 0 ? 0 : size - 1, CutAt(size) + kInsideBytes));
  } else if (what == "flip") {
    if (fs::file_size(first) == 0) return "the artefact is empty, so no byte can be flipped";
    FlipByte(first);
  } else if (what == "empty") {
    for (const fs::path& file : files) fs::resize_file(file, 0);
  } else if (what == "swap") {
    if (files.size() < 2) return "there is one file only below {artefact_dir}, and none to swap";
    const fs::path aside = fs::path(first).concat(".aside");
    fs::rename(first, aside);
    fs::rename(files[1], first);
    fs::rename(aside, files[1]);
  } else if (what == "duplicate") {
    if (files.size() < 2) return "there is one file only below {artefact_dir}";
    fs::copy_file(first, files[1], fs::copy_options::overwrite_existing);
  } else if (what == "directory") {
    fs::remove(first);
    fs::create_directory(first);
  } else if (what == "remove") {
    for (const fs::path& file : files) fs::remove(file);
  } else {
    return fmt::format("there is no damage \"{}\"", what);
  }
  return {};
}

}  // namespace conform
