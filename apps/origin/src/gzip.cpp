#include "gzip.hpp"

#include <zlib.h>

#include <algorithm>

#include <braid/core/error.hpp>

namespace braid::origin {

namespace {

constexpr int gzip_window = 15 + 16;
constexpr std::size_t most_unpacked = 256u << 20;

Bytef* bytes(std::string_view text) { return reinterpret_cast<Bytef*>(const_cast<char*>(text.data())); }

}  // namespace

std::string gzip(std::string_view text) {
  z_stream stream{};
  if (deflateInit2(&stream, 6, Z_DEFLATED, gzip_window, 8, Z_DEFAULT_STRATEGY) != Z_OK)
    throw io_error("gzip: out of memory");
  std::string out(deflateBound(&stream, static_cast<uLong>(text.size())), '\0');
  stream.next_in = bytes(text);
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = bytes(out);
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::string gunzip(std::string_view packed) {
  z_stream stream{};
  if (inflateInit2(&stream, gzip_window) != Z_OK) throw io_error("gunzip: out of memory");
  std::string out;
  stream.next_in = bytes(packed);
  stream.avail_in = static_cast<uInt>(packed.size());
  int state = Z_OK;
  while (state == Z_OK && out.size() < most_unpacked) {
    const std::size_t before = out.size();
    const std::size_t step = std::max<std::size_t>(64 * 1024, before);
    out.resize(before + step);
    stream.next_out = bytes(out) + before;
    stream.avail_out = static_cast<uInt>(step);
    state = inflate(&stream, Z_NO_FLUSH);
    out.resize(out.size() - stream.avail_out);
  }
  inflateEnd(&stream);
  if (state != Z_STREAM_END) throw decode_error("gunzip: not a complete gzip stream");
  return out;
}

}  // namespace braid::origin
