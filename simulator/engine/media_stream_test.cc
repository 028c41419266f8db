// Writer and parser together: what is written can be read in any pieces, and nothing that was
// changed on the way passes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

#include "simulator/engine/media_set_check.h"
#include "simulator/engine/stripe_parser.h"
#include "simulator/engine/stripe_writer.h"

namespace vdisim {
namespace {

using Bytes = std::vector<uint8_t>;

MediaDescriptor Descriptor(uint64_t content, uint32_t stripes, uint32_t block = 512) {
  MediaDescriptor d;
  d.media_set_id = {11, 12};
  d.plan = {.content_bytes = content,
            .extent_bytes = StripePlan::ExtentBytesFor(block, 65536),
            .block_bytes = block,
            .stripes = stripes};
  d.transfer_bytes = 65536;
  d.database_bytes = content;
  d.database = "pubs \xC3\xA4";
  d.set_name = "nightly";
  d.server = "VDISIM";
  return d;
}

Bytes WriteStripe(MediaDescriptor d, uint32_t family, const DataSource& content, size_t piece) {
  d.family = family;
  StripeWriter writer(d, content.OpenReader());
  Bytes stream(writer.stream_bytes());
  for (size_t at = 0; at < stream.size();) {
    const size_t count = std::min(piece, stream.size() - at);
    EXPECT_TRUE(writer.Produce(std::span(stream).subspan(at, count)));
    at += count;
  }
  EXPECT_EQ(writer.bytes_left(), 0U);
  return stream;
}

struct Parsed {
  MediaError error = MediaError::kNone;
  uint64_t offset = 0;
  MediaDescriptor descriptor;
};
Parsed Parse(const Bytes& stream, std::mt19937& chance, Bytes* content) {
  StripeParser parser([&](uint64_t at, uint64_t stream_at, std::span<const uint8_t> bytes) {
    ASSERT_TRUE(std::equal(bytes.begin(), bytes.end(), &stream[stream_at]));
    ASSERT_LE(at + bytes.size(), content->size());
    std::copy(bytes.begin(), bytes.end(), content->begin() + static_cast<ptrdiff_t>(at));
  });
  size_t at = 0;
  while (at < stream.size() && parser.bytes_wanted() > 0) {
    const size_t count = std::min<size_t>(
        {chance() % 70000 + 1, stream.size() - at, static_cast<size_t>(parser.bytes_wanted())});
    if (parser.Feed(std::span(stream).subspan(at, count)) != MediaError::kNone) break;
    at += count;
  }
  const MediaError error = parser.EndOfData();
  return {error, parser.error_offset(), parser.descriptor()};
}

TEST(MediaStream, ComesBackFromAnyNumberOfStripesInAnyPieces) {
  std::mt19937 chance(20240617);
  for (const uint32_t stripes : {1U, 2U, 3U, 7U, 64U}) {
    for (const uint32_t block : {512U, 4096U, 65536U}) {
      const uint64_t size = chance() % 3'000'000;
      const auto content = MakeSeededSource(stripes, size);
      Bytes expected(size);
      ASSERT_TRUE(content->OpenReader()->Read(0, expected));
      const MediaDescriptor d = Descriptor(size, stripes, block);
      Bytes read(size);
      std::vector<MediaDescriptor> found;
      std::vector<std::string> names;
      for (uint32_t family = 1; family <= stripes; ++family) {
        const Bytes stream = WriteStripe(d, family, *content, chance() % 100000 + 1);
        ASSERT_EQ(stream.size() % block, 0U);
        const Parsed parsed = Parse(stream, chance, &read);
        ASSERT_EQ(parsed.error, MediaError::kNone) << stripes << " " << block << " " << size;
        found.push_back(parsed.descriptor);
        names.push_back("d" + std::to_string(family));
      }
      EXPECT_TRUE(read == expected) << stripes << " stripes, block " << block << ", " << size;
      std::shuffle(found.begin(), found.end(), chance);
      EXPECT_EQ(CheckMediaSet(found, names), std::nullopt);
    }
  }
}

TEST(MediaStream, KeepsItsDescriptor) {
  const MediaDescriptor d = Descriptor(5, 1);
  std::mt19937 chance(1);
  Bytes read(5);
  EXPECT_EQ(Parse(WriteStripe(d, 1, *MakeSeededSource(1, 5), 999), chance, &read).descriptor, d);
}

TEST(MediaStream, LetsNoChangedByteOfDataOrDescriptorPass) {
  std::mt19937 chance(4);
  const auto content = MakeSeededSource(2, 200'000);
  const Bytes whole = WriteStripe(Descriptor(200'000, 1), 1, *content, 4096);
  for (int round = 0; round < 300; ++round) {
    Bytes changed = whole;
    // Past the MTF blocks, which nothing depends on, and past the unused ends of blocks.
    const size_t at =
        round % 3 == 0 ? 2560 + chance() % 150 : 4096 + 512 + chance() % 65536;  // the first extent
    changed[at] = static_cast<uint8_t>(changed[at] ^ (1 + chance() % 255));
    Bytes read(200'000);
    EXPECT_NE(Parse(changed, chance, &read).error, MediaError::kNone) << at;
  }
}

TEST(MediaStream, SaysHowAStreamEndsTooEarly) {
  std::mt19937 chance(4);
  const auto content = MakeSeededSource(2, 70'000);
  const Bytes whole = WriteStripe(Descriptor(70'000, 1), 1, *content, 4096);
  const auto cut = [&](size_t size) {
    Bytes read(70'000);
    return Parse(Bytes(whole.begin(), whole.begin() + static_cast<ptrdiff_t>(size)), chance, &read)
        .error;
  };
  EXPECT_EQ(cut(0), MediaError::kEmpty);
  EXPECT_EQ(cut(1000), MediaError::kEmpty);
  EXPECT_EQ(cut(4096), MediaError::kIncomplete);                // header only
  EXPECT_EQ(cut(4096 + 512 + 100), MediaError::kTruncated);     // in an extent
  EXPECT_EQ(cut(4096 + 512 + 65536), MediaError::kIncomplete);  // between two extents
  EXPECT_EQ(cut(whole.size() - 512), MediaError::kIncomplete);  // without the last block
  EXPECT_EQ(cut(whole.size()), MediaError::kNone);
}

TEST(MediaStream, TellsOtherFilesFromOtherPeoplesTapes) {
  std::mt19937 chance(4);
  Bytes none;
  EXPECT_EQ(Parse(Bytes(10'000, 0x41), chance, &none).error, MediaError::kNotTape);
  EXPECT_EQ(Parse(Bytes(100, 0x41), chance, &none).error, MediaError::kNotTape);
  Bytes tape = WriteStripe(Descriptor(0, 1), 1, *MakeSeededSource(2, 0), 4096);
  std::fill(tape.begin() + 2560, tape.begin() + 4096, uint8_t{0});
  EXPECT_EQ(Parse(tape, chance, &none).error, MediaError::kForeign);
}

TEST(MediaStream, SeesExtentsInTheWrongOrder) {
  std::mt19937 chance(4);
  const auto content = MakeSeededSource(2, 65536 * 3);
  Bytes stream = WriteStripe(Descriptor(65536 * 3, 1), 1, *content, 4096);
  std::swap_ranges(stream.begin() + 4096, stream.begin() + 4096 + 66048,
                   stream.begin() + 4096 + 66048);
  Bytes read(65536 * 3);
  const Parsed parsed = Parse(stream, chance, &read);
  EXPECT_THAT(parsed.error, ::testing::AnyOf(MediaError::kWrongOrder, MediaError::kChecksum));
  EXPECT_EQ(parsed.offset, 0U + (parsed.error == MediaError::kWrongOrder ? 4096U : 0U));
}

TEST(CheckMediaSet, RefusesWhatIsNotOneWholeSet) {
  MediaDescriptor a = Descriptor(100, 2);
  MediaDescriptor b = a;
  b.family = 2;
  EXPECT_EQ(CheckMediaSet({b, a}, {"x", "y"}), std::nullopt);
  EXPECT_EQ(CheckMediaSet({a}, {"x"})->number, 3132);
  EXPECT_EQ(CheckMediaSet({a, a}, {"x", "y"})->number, 3227);
  EXPECT_EQ(CheckMediaSet({a, b, b}, {"x", "y", "z"})->number, 3227);
  MediaDescriptor other = b;
  other.media_set_id[1] ^= 1;
  EXPECT_EQ(CheckMediaSet({a, other}, {"x", "y"})->number, 3258);
}

TEST(MediaHeader, BeginsAsATapeAndSaysThatItIsOurs) {
  const Bytes header = EncodeMediaHeader(Descriptor(5, 1));
  EXPECT_EQ(std::string(header.begin(), header.begin() + 4), "TAPE");
  std::string wide;
  for (const char c : kSoftwareName) wide += {c, '\0'};
  EXPECT_NE(std::string(header.begin(), header.begin() + 1024).find(wide), std::string::npos);
}

TEST(MediaHeader, CutsLongNamesAtACharacter) {
  MediaDescriptor d = Descriptor(5, 1);
  d.database.clear();
  for (int i = 0; i < 200; ++i) d.database += "\xE2\x82\xAC";
  MediaDescriptor read;
  ASSERT_EQ(DecodeMediaHeader(EncodeMediaHeader(d), &read), HeaderVerdict::kOurs);
  EXPECT_EQ(read.database, d.database.substr(0, 384));
}

}  // namespace
}  // namespace vdisim
