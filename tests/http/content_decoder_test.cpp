#include <zlib.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>

#include <braid/core/error.hpp>

#include "client/content_decoder.hpp"

using namespace braid::http;

namespace {

std::string deflated(std::string_view text, int window) {
  z_stream z{};
  deflateInit2(&z, 9, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&z, text.size()) + 64, '\0');
  z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  z.avail_in = static_cast<uInt>(text.size());
  z.next_out = reinterpret_cast<Bytef*>(out.data());
  z.avail_out = static_cast<uInt>(out.size());
  deflate(&z, Z_FINISH);
  out.resize(z.total_out);
  deflateEnd(&z);
  return out;
}

std::string gzipped(std::string_view text) { return deflated(text, 15 + 16); }

std::unique_ptr<content_decoder> decoder_for(std::string_view codings, std::uint64_t ratio = 2000) {
  headers fields;
  fields.add("Content-Encoding", codings);
  return content_decoder::of(fields, ratio);
}

std::string decoded(std::string_view codings, std::string_view data, std::size_t step = 0) {
  auto decoder = decoder_for(codings);
  REQUIRE(decoder);
  std::string out;
  for (std::size_t at = 0; at < data.size();) {
    const std::size_t size = step == 0 ? data.size() : std::min(step, data.size() - at);
    decoder->feed(data.substr(at, size), [&](std::string_view piece) { out += piece; });
    at += size;
  }
  decoder->finish();
  return out;
}

std::optional<std::string> shared_file(const std::string& name) {
  std::ifstream file(std::string(BRAID_SHARED_DIR) + "/data/conformance/bombs/" + name, std::ios::binary);
  if (!file) return std::nullopt;
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string long_text() {
  std::string out;
  for (int i = 0; i < 20'000; ++i) out += "line " + std::to_string(i * i) + "\n";
  return out;
}

}  // namespace

TEST_CASE("each coding is undone, in pieces of any size") {
  const std::string text = long_text();
  for (const std::size_t step : {0, 1, 1400}) {
    CHECK(decoded("gzip", gzipped(text), step) == text);
    CHECK(decoded("X-GZip", gzipped(text), step) == text);
    CHECK(decoded("deflate", deflated(text, 15), step) == text);
    CHECK(decoded("deflate", deflated(text, -15), step) == text);
    CHECK(decoded("gzip, deflate", deflated(gzipped(text), 15), step) == text);
    CHECK(decoded("gzip", gzipped("one ") + gzipped("two"), step) == "one two");
    CHECK(decoded("gzip", gzipped("one") + std::string(100, '\0'), step) == "one");
    CHECK(decoded("gzip", gzipped(""), step).empty());
  }
}

TEST_CASE("no coding, or one that is not known, leaves the body as it is") {
  CHECK_FALSE(content_decoder::of(headers(), 100));
  CHECK_FALSE(decoder_for("identity"));
  CHECK_FALSE(decoder_for(""));
  CHECK_FALSE(decoder_for("compress"));
  CHECK_FALSE(decoder_for("gzip, compress"));
  CHECK(decoder_for("identity, gzip"));
  CHECK_THROWS_AS(decoder_for("gzip, gzip, gzip, gzip, gzip"), braid::decode_error);
}

TEST_CASE("coded data that are cut off, broken or followed by others are a decode_error", "[curl-cve]") {
  const std::string text = long_text();
  for (const char* name : {"gzip", "deflate"}) {
    const std::string good = name == std::string("gzip") ? gzipped(text) : deflated(text, 15);
    CHECK_THROWS_AS(decoded(name, good.substr(0, good.size() - 1)), braid::decode_error);
    CHECK_THROWS_AS(decoded(name, good.substr(0, good.size() / 2)), braid::decode_error);
    CHECK_THROWS_AS(decoded(name, good.substr(0, 1)), braid::decode_error);
    CHECK_THROWS_AS(decoded(name, good + "x"), braid::decode_error);
    std::string bad = good;
    bad[bad.size() / 2] = static_cast<char>(~bad[bad.size() / 2]);
    CHECK_THROWS_AS(decoded(name, bad), braid::decode_error);
  }
  for (const char* name : {"gzip", "br", "zstd"}) CHECK_THROWS_AS(decoded(name, "plain text"), braid::decode_error);
  CHECK(decoded("gzip", "").empty());  // a server may label a body that is not there
}

TEST_CASE("decompression bombs are stopped while they are small", "[curl-cve]") {
  struct bomb {
    const char* file;
    const char* codings;
  };
  for (const bomb one : {bomb{"1g.br", "br"}, bomb{"1g.zst", "zstd"}, bomb{"1g.gz.gz", "gzip, gzip"}}) {
    const auto data = shared_file(one.file);
    if (!data) {
      WARN("[skipped] no ../shared/data");
      return;
    }
    INFO(one.file);
    auto decoder = decoder_for(one.codings);
    std::uint64_t size = 0;
    CHECK_THROWS_AS(decoder->feed(*data, [&](std::string_view piece) { size += piece.size(); }), braid::limit_error);
    CHECK(size < 256u << 20);
  }
  for (const char* name : {"64m.zlib", "64m.rawdeflate"}) {
    const auto data = shared_file(name);
    REQUIRE(data);
    CHECK(decoded("deflate", *data).size() == 64u << 20);  // large, but what deflate may honestly do
  }
}

TEST_CASE("br and zstd of the test material decode from their beginning") {
  for (const auto& [file, coding] : {std::pair("1g.br", "br"), std::pair("1g.zst", "zstd")}) {
    const auto data = shared_file(file);
    if (!data) {
      WARN("[skipped] no ../shared/data");
      return;
    }
    auto decoder = decoder_for(coding, 1u << 30);
    std::string_view input = std::string_view(*data).substr(0, 600);
    std::uint64_t size = 0;
    bool zeros = true;
    for (int i = 0; i < 8; ++i) {
      const std::string_view piece = decoder->next(input);
      size += piece.size();
      zeros = zeros && piece.find_first_not_of('\0') == piece.npos;
    }
    CHECK(zeros);
    CHECK(size > 0);
    CHECK_THROWS_AS(decoder->finish(), braid::decode_error);
  }
}
