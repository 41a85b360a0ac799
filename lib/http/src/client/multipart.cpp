#include <openssl/rand.h>
#include <braid/http/multipart.hpp>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>

#include <braid/core/error.hpp>

namespace braid::http {

namespace {

constexpr std::size_t piece_size = 64 * 1024;

/// 24 dashes and 22 letters or digits: 131 bits of chance.
std::string random_boundary() {
  constexpr std::string_view letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  std::string out(24, '-');
  while (out.size() < 46) {
    unsigned char byte = 0;
    if (RAND_bytes(&byte, 1) != 1) throw io_error("multipart: no random bytes");
    if (byte < 4 * letters.size()) out += letters[byte % letters.size()];
  }
  return out;
}

std::uint64_t size_of(const std::string& path) {
  std::error_code error;
  const std::uint64_t size = std::filesystem::file_size(path, error);
  if (error) throw io_error("cannot read " + path + ": " + error.message());
  if (!std::ifstream(path)) throw io_error("cannot read " + path);
  return size;
}

}  // namespace

std::string_view media_type_of(std::string_view file_name) noexcept {
  struct known {
    std::string_view ending, type;
  };
  constexpr std::array<known, 10> all{{{".gif", "image/gif"},
                                       {".jpg", "image/jpeg"},
                                       {".jpeg", "image/jpeg"},
                                       {".png", "image/png"},
                                       {".svg", "image/svg+xml"},
                                       {".txt", "text/plain"},
                                       {".htm", "text/html"},
                                       {".html", "text/html"},
                                       {".pdf", "application/pdf"},
                                       {".xml", "application/xml"}}};
  for (const known& one : all) {
    if (file_name.size() < one.ending.size()) continue;
    if (equal_ignoring_case(file_name.substr(file_name.size() - one.ending.size()), one.ending)) return one.type;
  }
  return "application/octet-stream";
}

multipart_form::multipart_form() : boundary_(random_boundary()) {}

multipart_form::multipart_form(std::string boundary) : boundary_(std::move(boundary)) {
  const bool good = !boundary_.empty() && boundary_.size() <= 70 && is_token(boundary_);
  if (!good) throw invalid_argument("multipart: \"" + boundary_ + "\" is no boundary");
}

multipart_form& multipart_form::field(std::string_view name, std::string_view value) {
  part one;
  one.name = name;
  one.text = value;
  return add(std::move(one));
}

multipart_form& multipart_form::file(std::string_view name, const std::string& path, std::string_view type) {
  part one;
  one.name = name;
  one.path = path;
  one.file_name = std::filesystem::path(path).filename().string();
  one.type = type.empty() ? media_type_of(path) : type;
  return add(std::move(one));
}

void multipart_form::check(const part& one) const {
  if (!is_field_value(one.type)) throw invalid_argument("multipart: a line end in the type " + one.type);
  for (const std::string& line : one.headers) {
    if (!is_field_value(line)) throw invalid_argument("multipart: a line end in the header " + line);
  }
  if (!one.path.empty()) size_of(one.path);
}

multipart_form& multipart_form::add(part one) {
  check(one);
  for (const part& file : one.files) {
    check(file);
    if (!file.files.empty()) throw invalid_argument("multipart: a file of several that is several itself");
  }
  entry next;
  if (!one.files.empty()) {
    next.boundary = random_boundary();
    one.type = "multipart/mixed; boundary=" + next.boundary;
  }
  next.what = std::move(one);
  parts_.push_back(std::move(next));
  return *this;
}

multipart_form& multipart_form::disposition(std::string word) {
  if (!is_token(word)) throw invalid_argument("multipart: \"" + word + "\" is no disposition");
  disposition_ = std::move(word);
  return *this;
}

multipart_form& multipart_form::escape_with_backslash(bool on) {
  backslash_ = on;
  return *this;
}

std::string multipart_form::quoted(std::string_view text) const {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '\r') {
      out += "%0D";
    } else if (c == '\n') {
      out += "%0A";
    } else if (backslash_ && (c == '"' || c == '\\')) {
      out += '\\';
      out += c;
    } else if (c == '"') {
      out += "%22";
    } else {
      out += c;
    }
  }
  return out + "\"";
}

std::string multipart_form::head_of(const part& one, std::string_view disposition) const {
  std::string out = "\r\nContent-Disposition: ";
  out += disposition;
  if (!one.name.empty()) out += "; name=" + quoted(one.name);
  if (one.file_name) out += "; filename=" + quoted(*one.file_name);
  out += "\r\n";
  if (!one.type.empty()) out += "Content-Type: " + one.type + "\r\n";
  for (const std::string& line : one.headers) out += line + "\r\n";
  return out + "\r\n";
}

/// A part's content and the line end behind it.
void multipart_form::append(std::vector<segment>& to, const part& one) const {
  to.back().text += one.text;
  if (!one.path.empty()) {
    to.back().path = one.path;
    to.back().size = size_of(one.path);
    to.emplace_back();
  }
  to.back().text += "\r\n";
}

std::vector<multipart_form::segment> multipart_form::segments() const {
  std::vector<segment> out(1);
  for (const auto& [one, inner] : parts_) {
    out.back().text += "--" + boundary_ + head_of(one, disposition_);
    if (one.files.empty()) {
      append(out, one);
    } else {
      for (const part& file : one.files) {
        out.back().text += "--" + inner + head_of(file, "attachment");
        append(out, file);
      }
      out.back().text += "--" + inner + "--\r\n\r\n";
    }
  }
  out.back().text += "--" + boundary_ + "--\r\n";
  return out;
}

std::uint64_t multipart_form::length() const {
  std::uint64_t sum = 0;
  for (const segment& one : segments()) sum += one.text.size() + one.size;
  return sum;
}

/// Where a source is: each segment's text, then its file.
class multipart_form::reader {
 public:
  explicit reader(std::vector<segment> from) : segments_(std::move(from)) {}

  std::string next() {
    while (at_ < segments_.size()) {
      segment& here = segments_[at_];
      if (!here.text.empty()) return std::exchange(here.text, {});
      if (here.size > 0) return piece_of(here);
      file_.close();
      ++at_;
    }
    return {};
  }

 private:
  std::string piece_of(segment& here) {
    if (!file_.is_open()) file_.open(here.path, std::ios::binary);
    std::string piece(static_cast<std::size_t>(std::min<std::uint64_t>(here.size, piece_size)), '\0');
    file_.read(piece.data(), static_cast<std::streamsize>(piece.size()));
    piece.resize(static_cast<std::size_t>(file_.gcount()));
    if (piece.empty()) throw io_error("multipart: " + here.path + " ends before its size");
    here.size -= piece.size();
    return piece;
  }

  std::vector<segment> segments_;
  std::size_t at_ = 0;
  std::ifstream file_;
};

request::body_source multipart_form::source() const {
  auto from = std::make_shared<reader>(segments());
  return [from]() -> boost::asio::awaitable<std::string> { co_return from->next(); };
}

}  // namespace braid::http
