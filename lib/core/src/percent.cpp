#include <braid/core/percent.hpp>

namespace braid {
namespace {

constexpr char upper_hex[] = "0123456789ABCDEF";

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

void append_form_encoded(std::string& out, std::string_view text) {
  static constexpr byte_set form{" \"#<>?^`{}/:;=@[\\]|!$&'()+,%~"};
  for (char c : text) {
    if (c == ' ') {
      out += '+';
    } else {
      append_percent_encoded(out, {&c, 1}, form);
    }
  }
}

std::string form_decode_one(std::string_view text) {
  std::string spaced(text);
  for (char& c : spaced) {
    if (c == '+') c = ' ';
  }
  return percent_decode(spaced);
}

}  // namespace

void append_percent_encoded(std::string& out, std::string_view text, const byte_set& set) {
  for (char c : text) {
    if (set.has(c)) {
      const auto u = static_cast<unsigned char>(c);
      out += '%';
      out += upper_hex[u >> 4];
      out += upper_hex[u & 15];
    } else {
      out += c;
    }
  }
}

std::string percent_encode(std::string_view text, const byte_set& set) {
  std::string out;
  out.reserve(text.size());
  append_percent_encoded(out, text, set);
  return out;
}

std::string percent_decode(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()) {
      const int high = hex_value(text[i + 1]);
      const int low = hex_value(text[i + 2]);
      if (high >= 0 && low >= 0) {
        out += static_cast<char>(high * 16 + low);
        i += 2;
        continue;
      }
    }
    out += text[i];
  }
  return out;
}

std::string form_encode(const query_pairs& pairs) {
  std::string out;
  for (const auto& [name, value] : pairs) {
    if (!out.empty()) out += '&';
    append_form_encoded(out, name);
    out += '=';
    append_form_encoded(out, value);
  }
  return out;
}

query_pairs form_decode(std::string_view text) {
  query_pairs out;
  while (!text.empty()) {
    const auto end = text.find('&');
    const auto piece = text.substr(0, end);
    text.remove_prefix(end == text.npos ? text.size() : end + 1);
    if (piece.empty()) continue;
    const auto equals = piece.find('=');
    const auto value = equals == piece.npos ? std::string_view{} : piece.substr(equals + 1);
    out.emplace_back(form_decode_one(piece.substr(0, equals)), form_decode_one(value));
  }
  return out;
}

}  // namespace braid
