#include "prometheus_text.hpp"

#include <array>
#include <charconv>

namespace braid::fetch {

std::string number_text(double value) {
  std::array<char, 32> out{};
  const auto end = std::to_chars(out.data(), out.data() + out.size(), value);
  return std::string(out.data(), end.ptr);
}

void append_head(std::string& out, std::string_view name, std::string_view type, std::string_view help) {
  out += "# HELP " + std::string(name) + ' ' + std::string(help) + "\n# TYPE " + std::string(name) + ' ' +
         std::string(type) + '\n';
}

void append_sample(std::string& out, std::string_view name, const metric_labels& labels, double value) {
  out += name;
  char before = '{';
  for (const auto& [label, text] : labels) {
    out += before;
    before = ',';
    out += std::string(label) + "=\"";
    for (const char c : text) {
      if (c == '\n') {
        out += "\\n";
        continue;
      }
      if (c == '"' || c == '\\') out += '\\';
      out += c;
    }
    out += '"';
  }
  out += (labels.empty() ? " " : "} ") + number_text(value) + '\n';
}

void append_metric(std::string& out, std::string_view name, std::string_view type, std::string_view help,
                   double value) {
  append_head(out, name, type, help);
  append_sample(out, name, {}, value);
}

}  // namespace braid::fetch
