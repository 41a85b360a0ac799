#include "mix.hpp"

#include <algorithm>
#include <braid/core/error.hpp>
#include <braid/core/url.hpp>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>

#include "bench/common/numbered.hpp"

namespace braid::bench {
namespace {

constexpr std::size_t most_lines = 10'000;
constexpr std::size_t most_bytes = std::size_t{16} << 20;
constexpr std::string_view blank = " \t\r";

/// Takes the next word off the front of a line.
std::string_view next_word(std::string_view& line) {
  line.remove_prefix(std::min(line.find_first_not_of(blank), line.size()));
  const auto word = line.substr(0, line.find_first_of(blank));
  line.remove_prefix(word.size());
  return word;
}

[[noreturn]] void refuse(std::size_t number, const std::string& why) {
  throw invalid_argument("mix, line " + std::to_string(number) + ": " + why);
}

std::string absolute(std::string_view address, std::string_view base, std::size_t number) {
  try {
    auto text = std::string(address);
    if (address.starts_with('/')) {
      text = url::parse(numbered(base, 0)).origin() + text;
    }
    static_cast<void>(url::parse(numbered(text, 0)));
    return text;
  } catch (const invalid_url& e) {
    refuse(number, e.what());
  }
}

mix_entry entry_of(std::string_view line, std::string_view base, std::size_t number) {
  mix_entry entry;
  const auto weight = next_word(line);
  const auto [end, error] = std::from_chars(weight.data(), weight.data() + weight.size(), entry.weight);
  if (error != std::errc{} || end != weight.data() + weight.size() || entry.weight == 0) {
    refuse(number, "'" + std::string(weight) + "' is no weight from 1 on");
  }
  entry.method = next_word(line);
  const auto address = next_word(line);
  if (address.empty()) {
    refuse(number, "expected: weight method url [body]");
  }
  entry.url = absolute(address, base, number);
  line.remove_prefix(std::min(line.find_first_not_of(blank), line.size()));
  line.remove_suffix(line.ends_with('\r') ? 1 : 0);
  entry.body = line;
  return entry;
}

}  // namespace

std::vector<mix_entry> parse_mix(std::string_view text, std::string_view base) {
  std::vector<mix_entry> out;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    const auto begin = line.find_first_not_of(blank);
    if (begin == std::string_view::npos || line[begin] == '#') {
      continue;
    }
    if (out.size() == most_lines) {
      refuse(number, "more than " + std::to_string(most_lines) + " requests");
    }
    out.push_back(entry_of(line, base, number));
  }
  if (out.empty()) {
    throw invalid_argument("mix: no requests in it");
  }
  return out;
}

std::vector<mix_entry> read_mix(const std::string& file, std::string_view base) {
  std::ifstream in(file, std::ios::binary);
  if (!in) {
    throw io_error("read " + file + ": " + std::strerror(errno));
  }
  std::string text;
  text.reserve(4096);
  for (char c = 0; in.get(c);) {
    if (text.size() == most_bytes) {
      throw io_error("read " + file + ": larger than 16 MiB");
    }
    text.push_back(c);
  }
  return parse_mix(text, base);
}

}  // namespace braid::bench
