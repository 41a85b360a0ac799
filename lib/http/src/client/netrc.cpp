#include <braid/http/netrc.hpp>

#include <algorithm>

#include <braid/core/error.hpp>
#include <braid/http/headers.hpp>

namespace braid::http {

namespace {

class words {
 public:
  explicit words(std::string_view text) : text_(text) {}

  /// False at the end.
  bool next(std::string& word) {
    word.clear();
    for (;;) {
      text_.remove_prefix(std::min(text_.find_first_not_of(" \t\r\n"), text_.size()));
      if (!text_.starts_with('#')) break;
      skip_line();
    }
    if (text_.empty()) return false;
    if (text_.front() == '"') {
      read_quoted(word);
    } else {
      const std::size_t size = std::min(text_.find_first_of(" \t\r\n"), text_.size());
      word = text_.substr(0, size);
      text_.remove_prefix(size);
    }
    return true;
  }

  /// A macro ends with an empty line.
  void skip_macro() {
    const std::size_t end = std::min(text_.find("\n\n"), text_.find("\n\r\n"));
    text_.remove_prefix(std::min(end, text_.size()));
  }

 private:
  void skip_line() { text_.remove_prefix(std::min(text_.find('\n'), text_.size())); }

  void read_quoted(std::string& word) {
    text_.remove_prefix(1);
    for (;;) {
      if (text_.empty() || text_.front() == '\n') throw invalid_argument("netrc: a quote without its end");
      char c = text_.front();
      text_.remove_prefix(1);
      if (c == '"') return;
      if (c == '\\' && !text_.empty()) {
        const std::size_t at = std::string_view("nrt").find(text_.front());
        c = at == std::string_view::npos ? text_.front() : "\n\r\t"[at];
        text_.remove_prefix(1);
      }
      word += c;
    }
  }

  std::string_view text_;
};

}  // namespace

std::optional<netrc_entry> find_netrc(std::string_view text, std::string_view host, std::string_view login) {
  words from(text);
  std::string word;
  netrc_entry entry;
  bool here = false;
  bool has_login = false, has_password = false;
  const auto fits = [&] {
    return here && (has_login || has_password) && (login.empty() || !has_login || entry.login == login);
  };
  const auto begin = [&](bool matches) {
    here = matches;
    entry = {};
    has_login = has_password = false;
  };
  while (from.next(word)) {
    if (equal_ignoring_case(word, "machine")) {
      if (fits() && (login.empty() || has_password)) break;
      if (!from.next(word)) return std::nullopt;
      begin(equal_ignoring_case(word, host));
    } else if (equal_ignoring_case(word, "default")) {
      if (fits()) break;
      begin(true);
    } else if (equal_ignoring_case(word, "macdef")) {
      from.skip_macro();
    } else if (equal_ignoring_case(word, "login")) {
      has_login = from.next(entry.login);
    } else if (equal_ignoring_case(word, "password")) {
      has_password = from.next(entry.password);
    } else if (equal_ignoring_case(word, "account")) {
      from.next(word);
    }
  }
  if (!fits()) return std::nullopt;
  if (!has_login) entry.login = login;
  return entry;
}

}  // namespace braid::http
