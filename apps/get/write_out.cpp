#include "write_out.hpp"

#include <cstdio>

#include <braid/http/headers.hpp>

#include "exit_code.hpp"

namespace braid::get {

namespace {

/// Where text goes at the moment.
class destination {
 public:
  ~destination() { close(); }
  void turn_to(std::FILE* stream) {
    close();
    stream_ = stream;
  }
  void open(std::string name) {
    close();
    const bool append = name.starts_with(">>");
    if (append) name.erase(0, 2);
    file_ = std::fopen(name.c_str(), append ? "ab" : "wb");
  }
  void write(std::string_view text) { std::fwrite(text.data(), 1, text.size(), file_ ? file_ : stream_); }

 private:
  void close() {
    if (file_) std::fclose(file_);
    file_ = nullptr;
  }
  std::FILE* stream_ = stdout;
  std::FILE* file_ = nullptr;
};

/// "%header{name}" and the like: the text in the braces, where "\}" is a brace; moves `at` behind it.
bool take_braced(const std::string& format, std::size_t& at, std::string_view key, std::string& inside) {
  if (format.compare(at, key.size(), key) != 0) return false;
  std::string text;
  for (std::size_t i = at + key.size(); i < format.size(); ++i) {
    if (format[i] == '}') {
      inside = std::move(text);
      at = i + 1;
      return true;
    }
    if (format.compare(i, 2, "\\}") == 0) ++i;
    text += format[i];
  }
  return false;
}

std::string field_of(const transfer_report& of, std::string_view name) {
  for (const transfer_report::field& field : of.fields) {
    if (http::equal_ignoring_case(field.name, name)) return field.value;
  }
  return {};
}

/// "%header{name:all:separator}"
std::string all_of(const transfer_report& of, const std::string& inside) {
  const std::size_t mark = inside.find(":all:");
  if (mark == std::string::npos) return field_of(of, inside);
  const std::string name = inside.substr(0, mark), separator = inside.substr(mark + 5);
  std::string out;
  for (const transfer_report::field& field : of.all_fields) {
    if (!http::equal_ignoring_case(field.name, name)) continue;
    if (!out.empty()) out += separator;
    out += field.value;
  }
  return out;
}

}  // namespace

void write_out(const std::string& format, const transfer_report& of) {
  destination to;
  std::string inside, value;
  for (std::size_t at = 0; at < format.size();) {
    const char c = format[at];
    if (c == '\\' && at + 1 < format.size()) {
      const std::size_t known = std::string_view("rnt").find(format[at + 1]);
      to.write(known == std::string_view::npos ? format.substr(at, 2) : std::string(1, "\r\n\t"[known]));
      at += 2;
    } else if (c != '%' || at + 1 == format.size()) {
      to.write(format.substr(at++, 1));
    } else if (format[at + 1] == '%') {
      to.write("%");
      at += 2;
    } else if (take_braced(format, at, "%header{", inside)) {
      to.write(all_of(of, inside));
    } else if (take_braced(format, at, "%output{", inside)) {
      to.open(inside);
    } else if (take_braced(format, at, "%{", inside)) {
      if (inside == "stdout") {
        to.turn_to(stdout);
      } else if (inside == "stderr") {
        to.turn_to(stderr);
      } else if (inside == "onerror" && of.exit_code == done) {
        return;
      } else if (variable_value(inside, of, value)) {
        to.write(value);
      } else {
        std::fprintf(stderr, "braid-get: unknown --write-out variable: '%s'\n", inside.c_str());
      }
    } else {
      to.write("%");
      ++at;
    }
  }
}

}  // namespace braid::get
