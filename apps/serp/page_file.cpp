#include "page_file.hpp"

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

#include <zlib.h>

#include <braid/core/error.hpp>

#include "fetch/packed_page.hpp"

namespace braid::app {
namespace {

constexpr std::size_t most_bytes = 256u << 20;

struct file_closer {
  void operator()(std::FILE* f) const {
    if (f != stdin) std::fclose(f);
  }
};

std::string read_all(const std::string& name) {
  const std::unique_ptr<std::FILE, file_closer> in(name == "-" ? stdin : std::fopen(name.c_str(), "rb"));
  if (!in) throw io_error("cannot open " + name + ": " + std::strerror(errno));
  std::string bytes;
  std::array<char, 65536> block;
  while (const auto got = std::fread(block.data(), 1, block.size(), in.get())) {
    bytes.append(block.data(), got);
    if (bytes.size() > most_bytes) throw limit_error(name + " is larger than 256 MiB");
  }
  if (std::ferror(in.get()) != 0) throw io_error("cannot read " + name + ": " + std::strerror(errno));
  return bytes;
}

struct inflater {
  z_stream stream{};
  inflater() {
    if (inflateInit2(&stream, 15 + 16) != Z_OK) throw std::bad_alloc();
  }
  ~inflater() { inflateEnd(&stream); }
  inflater(const inflater&) = delete;
  inflater& operator=(const inflater&) = delete;
};

/// Members one after another are one file, as gzip -d has it.
std::string gunzip(std::string& packed, const std::string& name) {
  std::string bytes;
  inflater z;
  z.stream.next_in = reinterpret_cast<Bytef*>(packed.data());
  z.stream.avail_in = static_cast<uInt>(packed.size());
  std::array<char, 65536> block;
  for (;;) {
    z.stream.next_out = reinterpret_cast<Bytef*>(block.data());
    z.stream.avail_out = block.size();
    const int status = inflate(&z.stream, Z_NO_FLUSH);
    bytes.append(block.data(), block.size() - z.stream.avail_out);
    if (bytes.size() > most_bytes) throw limit_error(name + " unpacks to more than 256 MiB");
    if (status == Z_STREAM_END) {
      if (z.stream.avail_in == 0) return bytes;
      if (inflateReset(&z.stream) != Z_OK) throw decode_error("cannot unpack " + name);
    } else if (status != Z_OK) {
      const bool cut = status == Z_BUF_ERROR && z.stream.avail_in == 0;
      throw decode_error("cannot unpack " + name + ": " +
                         (cut                       ? "it ends too early"
                          : z.stream.msg != nullptr ? z.stream.msg
                                                    : "broken gzip") +
                         " after " + std::to_string(bytes.size()) + " bytes");
    }
  }
}

}  // namespace

std::string read_page(const std::string& file) {
  auto bytes = read_all(file);
  if (fetch::is_packed(bytes)) return fetch::unpack_page(bytes, file, most_bytes);
  return bytes.starts_with("\x1F\x8B") ? gunzip(bytes, file) : bytes;
}

}  // namespace braid::app
