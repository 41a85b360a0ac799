#include "markup.hpp"

#include <algorithm>

#include <braid/origin/random.hpp>

namespace braid::origin {

std::string escape(std::string_view text) {
  std::string out;
  out.reserve(text.size() + 8);
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string highlight(std::string_view text, std::string_view query, std::string_view tag) {
  const auto at = query.empty() ? text.npos : text.find(query);
  if (at == text.npos) return escape(text);
  std::string out = escape(text.substr(0, at));
  ((out += '<') += tag) += '>';
  out += escape(query);
  ((out += "</") += tag) += '>';
  out += escape(text.substr(at + query.size()));
  return out;
}

std::string grouped(std::uint64_t number) {
  std::string out = std::to_string(number);
  for (auto at = static_cast<std::ptrdiff_t>(out.size()) - 3; at > 0; at -= 3) {
    out.insert(static_cast<std::size_t>(at), 1, ',');
  }
  return out;
}

namespace {

void append_script(std::string& out, random_source& random, std::size_t bytes) {
  out += "<script nonce=\"braid\">(function(){var m={";
  for (const std::size_t end = out.size() + bytes; out.size() < end;) {
    out += "'k" + std::to_string(random.below(1'000'000)) + "':[" + std::to_string(random.below(1000)) +
           ",\"\\x3cdiv\\x3e\",null,!0],";
  }
  out += "'z':0};window.m=m;})();</script>";
}

void append_elements(std::string& out, random_source& random, std::size_t bytes) {
  for (const std::size_t end = out.size() + bytes; out.size() < end;) {
    const std::string id = std::to_string(random.below(1'000'000));
    const unsigned depth = 3 + random.below(10);
    for (unsigned i = 0; i < depth; ++i)
      out += "<div class=\"x" + std::to_string(random.below(400)) + " yf\" data-ved=\"2ah" + id + "\">";
    out += "<span class=\"q\" style=\"color:#4d5156\">more &middot; " + id +
           "</span><svg viewBox=\"0 0 24 24\"><path d=\"M12 2 L" + id + " 4z\"/></svg>";
    for (unsigned i = 0; i < depth; ++i) out += "</div>";
    out += '\n';
  }
}

}  // namespace

std::string filler(std::size_t bytes) {
  std::string out;
  out.reserve(bytes + 512);
  random_source random(bytes);
  // Real pages are about two thirds script and style by weight; the rest is what a parser has to work for.
  while (out.size() + 600 < bytes) {
    const std::size_t block = std::min<std::size_t>(bytes - out.size(), 12'000);
    append_script(out, random, block * 6 / 10);
    append_elements(out, random, block * 3 / 10);
  }
  return out;
}

}  // namespace braid::origin
