#include "daemon/http/gzip.h"

#include <zlib.h>

#include <algorithm>

#include "daemon/base/check.h"

namespace stockd::http {
namespace {

constexpr int kGzip = 16 + MAX_WBITS;  // zlib's way to say gzip, and nothing else.
constexpr size_t kPieceBytes = size_t{16} << 10;
constexpr int kMemoryLevel = 8;

Bytef* Input(std::string_view text) {
  // zlib takes it without const and only reads.
  return reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
}

}  // namespace

bool Unzip(std::string_view packed, size_t bytes_max, std::string& out) {
  z_stream stream{};
  STOCKD_CHECK(inflateInit2(&stream, kGzip) == Z_OK);
  stream.next_in = Input(packed);
  stream.avail_in = static_cast<uInt>(packed.size());
  const size_t begin = out.size();
  Bytef piece[kPieceBytes];
  int result = Z_OK;
  while (result == Z_OK) {
    stream.next_out = piece;
    stream.avail_out = kPieceBytes;
    result = inflate(&stream, Z_NO_FLUSH);
    const size_t count = kPieceBytes - stream.avail_out;
    if (out.size() - begin + count > bytes_max) result = Z_DATA_ERROR;
    if (result == Z_OK || result == Z_STREAM_END) {
      out.append(reinterpret_cast<const char*>(piece), count);
    }
  }
  const bool is_whole = result == Z_STREAM_END && stream.avail_in == 0;
  inflateEnd(&stream);
  return is_whole;
}

void Zip(std::string_view plain, std::string& out, Zipping zipping) {
  z_stream stream{};
  const int level = zipping == Zipping::kFast ? Z_BEST_SPEED : Z_BEST_COMPRESSION;
  STOCKD_CHECK(deflateInit2(&stream, level, Z_DEFLATED, kGzip, kMemoryLevel, Z_DEFAULT_STRATEGY) ==
               Z_OK);
  stream.next_in = Input(plain);
  stream.avail_in = static_cast<uInt>(plain.size());
  const size_t begin = out.size();
  out.resize(begin + deflateBound(&stream, static_cast<uLong>(plain.size())));
  stream.next_out = reinterpret_cast<Bytef*>(out.data() + begin);
  stream.avail_out = static_cast<uInt>(out.size() - begin);
  STOCKD_CHECK(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  out.resize(out.size() - stream.avail_out);
  deflateEnd(&stream);
}

}  // namespace stockd::http
