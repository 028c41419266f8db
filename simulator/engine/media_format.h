// The blocks of the media stream. The stream has the shape of Microsoft Tape Format, so that
// clients which look into it find the blocks they know (TAPE, SSET, VOLB, MQDA, ESET), but it is
// the simulator's own: it says so as its software name, its descriptor block VDSD is binary data of
// ours, and SQL Server cannot restore it, nor can the simulator restore SQL Server's backups.
//
// A stripe:  [TAPE 1024][SSET 1024][VOLB 512][VDSD 1536] padded to blocks
//            per extent: [MQDA, one block][data, padded to blocks]
//            [ESET, one block]
// An MQDA block and the ESET carry the CRC-32C of the extent before them, so that a stream is
// written in one pass. Every block ends its 52-byte MTF header with MTF's XOR checksum. Numbers are
// little-endian. Functions are pure; any thread.
#ifndef SIMULATOR_ENGINE_MEDIA_FORMAT_H_
#define SIMULATOR_ENGINE_MEDIA_FORMAT_H_

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "simulator/engine/stripe_plan.h"

namespace vdisim {

enum class BackupKind : uint8_t { kFull = 1, kDifferential = 2, kLog = 3, kSnapshot = 4 };

// What a stripe says about itself and its backup set; the same on all stripes of a media set but
// for `family`.
struct MediaDescriptor {
  std::array<uint64_t, 2> media_set_id{};
  BackupKind kind = BackupKind::kFull;
  uint32_t family = 1;  // 1 to plan.stripes: which stripe this is
  StripePlan plan;
  uint32_t transfer_bytes = 0;  // MAXTRANSFERSIZE of the backup
  uint64_t database_bytes = 0;  // of the whole database, also where the content is a part of it
  uint64_t sequence = 0;        // of the log, from 1; 0 for other kinds
  int64_t start_time_s = 0;     // since 1970, UTC
  uint64_t first_lsn = 0;
  uint64_t last_lsn = 0;
  uint64_t base_lsn = 0;  // of the full backup that a differential or log backup stands on
  std::string database;   // at most 384 bytes of UTF-8 each
  std::string set_name;   // NAME =
  std::string server;

  friend bool operator==(const MediaDescriptor&, const MediaDescriptor&) = default;
};

inline constexpr std::string_view kSoftwareName = "vdisim media stream (not for SQL Server)";

// The header of a stripe, padded to blocks. Texts that are too long are cut at a character.
std::vector<uint8_t> EncodeMediaHeader(const MediaDescriptor& descriptor);

enum class HeaderVerdict {
  kOurs,
  kNotTape,  // no MTF at all: 3242
  kForeign,  // MTF of somebody else, or our own but damaged: 3241
};
// Reads the first kMediaHeaderBytes of a stripe. *descriptor is set for kOurs only.
HeaderVerdict DecodeMediaHeader(std::span<const uint8_t> header, MediaDescriptor* descriptor);

// What a block between extents, or the last block, says.
struct ExtentMark {
  bool last = false;             // an ESET: no extent follows
  uint64_t extent = 0;           // number of the extent that follows; for the ESET their count here
  uint32_t previous_crc32c = 0;  // of the padded data of the extent before; 0 at the first

  friend bool operator==(const ExtentMark&, const ExtentMark&) = default;
};
// Writes the first kExtentMarkBytes of a block and zeroes the rest of it.
inline constexpr uint32_t kExtentMarkBytes = 128;
void EncodeExtentMark(const MediaDescriptor& descriptor, const ExtentMark& mark,
                      std::span<uint8_t> block);
// Nothing if these are not the first bytes of a mark of that media set and family.
std::optional<ExtentMark> DecodeExtentMark(const MediaDescriptor& descriptor,
                                           std::span<const uint8_t> bytes);

// Whether two descriptors belong to one media set; all but `family` are equal then.
bool SameMediaSet(const MediaDescriptor& a, const MediaDescriptor& b);

}  // namespace vdisim

#endif  // SIMULATOR_ENGINE_MEDIA_FORMAT_H_
