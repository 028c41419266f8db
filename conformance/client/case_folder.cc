#include "conformance/client/case_folder.h"

#include <fcntl.h>
#include <stdlib.h>  // NOLINT(modernize-deprecated-headers): mkdtemp is POSIX's
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>
#include <utility>

namespace conform {
namespace {

namespace fs = std::filesystem;

constexpr const char* kPrefix = "vdi-case-";
// Of making a folder, where each time another run takes the new one for an abandoned one, in the
// moment before it is locked.
constexpr int kAttemptsMax = 100;

// As the system shows it of open files: a folder below a link, or "//" in a name, would not be
// recognised in what the witness tells.
fs::path Place() { return fs::canonical(fs::temp_directory_path()); }

// A directory that is held open, and its lock if it could be had.
class OpenFolder {
 public:
  explicit OpenFolder(const fs::path& path)
      : descriptor_(open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)) {}
  ~OpenFolder() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  OpenFolder(const OpenFolder&) = delete;
  OpenFolder& operator=(const OpenFolder&) = delete;

  bool IsOpen() const { return descriptor_ >= 0; }
  // 0, or why not: EWOULDBLOCK if somebody else has it.
  int Lock() const { return flock(descriptor_, LOCK_EX | LOCK_NB) == 0 ? 0 : errno; }
  // Whether that path still leads to it, and it belongs to this user.
  bool IsOurs(const fs::path& path) const {
    struct stat held = {};
    struct stat found = {};
    return fstat(descriptor_, &held) == 0 && lstat(path.c_str(), &found) == 0 &&
           held.st_dev == found.st_dev && held.st_ino == found.st_ino && held.st_uid == geteuid();
  }
  int Take() { return std::exchange(descriptor_, -1); }

 private:
  int descriptor_;
};

// A directory in which its owner may not write cannot be emptied.
void OpenUp(const fs::path& directory) {
  std::error_code ignored;
  fs::permissions(directory, fs::perms::owner_all, fs::perm_options::add, ignored);
  for (fs::directory_iterator entry(directory, ignored), end; !ignored && entry != end;
       entry.increment(ignored)) {
    std::error_code gone;
    if (fs::is_directory(entry->symlink_status(gone))) OpenUp(entry->path());
  }
}

void RemoveTree(const fs::path& directory) {
  OpenUp(directory);
  std::error_code ignored;
  fs::remove_all(directory, ignored);
}

}  // namespace

CaseFolder::CaseFolder() {
  for (int attempt = 0; attempt < kAttemptsMax; ++attempt) {
    std::string path = (Place() / kPrefix).string() + "XXXXXX";
    if (mkdtemp(path.data()) == nullptr) {
      throw std::system_error(errno, std::generic_category(), "a directory " + path);
    }
    OpenFolder folder(path);
    if (!folder.IsOpen() && errno != ENOENT) {
      throw std::system_error(errno, std::generic_category(), path);
    }
    // Where the file system has no locks, nobody can take it away either.
    if (!folder.IsOpen() || folder.Lock() == EWOULDBLOCK || !folder.IsOurs(path)) continue;
    path_ = path;
    lock_ = folder.Take();
    return;
  }
  throw std::system_error(EBUSY, std::generic_category(), "a directory in " + Place().string());
}

CaseFolder::~CaseFolder() {
  RemoveTree(path_);
  close(lock_);
}

void RemoveAbandonedFolders(const std::function<bool(const fs::path&)>& may_go) {
  std::error_code error;
  const fs::path place = fs::temp_directory_path(error);
  if (error) return;
  for (fs::directory_iterator entry(place, error), end; !error && entry != end;
       entry.increment(error)) {
    if (!entry->path().filename().string().starts_with(kPrefix)) continue;
    const OpenFolder folder(entry->path());
    const bool is_free = folder.IsOpen() && folder.Lock() == 0;
    if (is_free && folder.IsOurs(entry->path()) && may_go(entry->path())) RemoveTree(entry->path());
  }
}

CopyPlaces MakePlaces(const fs::path& folder) {
  CopyPlaces places = {.home = folder / "home",
                       .temporary = folder / "tmp",
                       .work = folder / "work",
                       .media = folder / "media",
                       .server = folder / "server"};
  for (const fs::path& one :
       {places.home, places.temporary, places.work, places.media, places.server}) {
    fs::create_directories(one);
  }
  return places;
}

}  // namespace conform
