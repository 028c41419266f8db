#include "conformance/watch/stored_streams.h"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <optional>
#include <set>
#include <string>
#include <system_error>

namespace conform {
namespace {

namespace fs = std::filesystem;

// "3.2.stream": device 2 of statement 3.
std::optional<StoredStream> StreamOf(const fs::path& path) {
  if (path.extension() != ".stream") return std::nullopt;
  const std::string name = path.stem().string();
  StoredStream stream;
  const char* const end = name.data() + name.size();
  const auto statement = std::from_chars(name.data(), end, stream.statement);
  if (statement.ec != std::errc() || statement.ptr == end || *statement.ptr != '.') {
    return std::nullopt;
  }
  const auto device = std::from_chars(statement.ptr + 1, end, stream.device);
  if (device.ec != std::errc() || device.ptr != end) return std::nullopt;
  return stream;
}

std::vector<fs::path> RegularFiles(const fs::path& folder, bool below) {
  std::vector<fs::path> files;
  std::error_code error;
  const auto take = [&](const fs::directory_entry& entry) {
    std::error_code ignored;
    if (entry.is_regular_file(ignored)) files.push_back(entry.path());
  };
  if (below) {
    for (fs::recursive_directory_iterator it(folder, error), end; !error && it != end;
         it.increment(error)) {
      take(*it);
    }
  } else {
    for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
      take(*it);
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

int64_t SizeOf(const fs::path& path) {
  std::error_code error;
  const auto size = fs::file_size(path, error);
  return error ? 0 : static_cast<int64_t>(size);
}

// How many bytes of both are the same from the beginning.
int64_t CommonBeginning(const fs::path& a, const fs::path& b) {
  constexpr size_t kPiece = 1 << 16;
  std::ifstream first(a, std::ios::binary);
  std::ifstream second(b, std::ios::binary);
  std::string left(kPiece, '\0');
  std::string right(kPiece, '\0');
  for (int64_t sum = 0;;) {
    first.read(left.data(), static_cast<std::streamsize>(kPiece));
    second.read(right.data(), static_cast<std::streamsize>(kPiece));
    const auto got = std::min(first.gcount(), second.gcount());
    const auto differ = std::mismatch(left.begin(), left.begin() + got, right.begin());
    sum += differ.first - left.begin();
    if (differ.first != left.begin() + got || got < static_cast<std::streamsize>(kPiece))
      return sum;
  }
}

}  // namespace

std::vector<StoredStream> MatchStreams(const fs::path& streams, const fs::path& artefacts) {
  struct Pair {
    size_t stream;
    size_t file;
    int64_t common;
    bool equal;
  };
  std::vector<StoredStream> result;
  std::vector<fs::path> paths;
  for (const fs::path& path : RegularFiles(streams, false)) {
    if (std::optional<StoredStream> stream = StreamOf(path)) {
      stream->sent = SizeOf(path);
      result.push_back(*stream);
      paths.push_back(path);
    }
  }
  const std::vector<fs::path> files = RegularFiles(artefacts, true);
  std::vector<Pair> pairs;
  for (size_t s = 0; s < result.size(); ++s) {
    for (size_t f = 0; f < files.size(); ++f) {
      const int64_t common = CommonBeginning(paths[s], files[f]);
      const bool equal = common == result[s].sent && common == SizeOf(files[f]);
      // Files that have nothing in common, unless both are empty, are strangers.
      if (common > 0 || equal) pairs.push_back({s, f, common, equal});
    }
  }
  std::stable_sort(pairs.begin(), pairs.end(), [](const Pair& a, const Pair& b) {
    return a.equal != b.equal ? a.equal : a.common > b.common;
  });
  std::set<size_t> streams_done;
  std::set<std::pair<int, size_t>> files_taken;  // of a statement: the next may overwrite them
  for (const Pair& pair : pairs) {
    StoredStream& stream = result[pair.stream];
    if (streams_done.count(pair.stream) > 0) continue;
    if (!files_taken.emplace(stream.statement, pair.file).second) continue;
    streams_done.insert(pair.stream);
    stream.path = files[pair.file].lexically_relative(artefacts).string();
    stream.stored = SizeOf(files[pair.file]);
    stream.first_bad = pair.common;
    stream.equal = pair.equal;
  }
  std::sort(result.begin(), result.end(), [](const StoredStream& a, const StoredStream& b) {
    return std::pair(a.statement, a.device) < std::pair(b.statement, b.device);
  });
  return result;
}

}  // namespace conform
