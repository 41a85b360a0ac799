#include "help.hpp"

#include "option_table.hpp"

namespace braid::get {

namespace {

constexpr const char* examples = R"(
Examples:
  braid-get https://example.org/
  braid-get -L -o page.html example.org          follow redirects, save the page
  braid-get -I http://127.0.0.1:8080/            the head alone
  braid-get -O 'http://h/photo[01-20].jpg'       many files, each with its name
  braid-get -d name=value -d @form.txt URL       POST a form
  braid-get -F who=me -F file=@picture.png URL   with a file
  braid-get --json '{"a":1}' URL                 POST JSON
  braid-get -C - -O URL                          go on with a download
  braid-get -f -sS -m 5 --retry 3 URL || echo failed
  braid-get -s -o /dev/null -w '%{http_code} %{time_total}\n' URL
  braid-get --cacert ca.pem --resolve example.org:443:127.0.0.1 https://example.org/

Options and exit codes are curl's: 3 bad URL, 6 no such host, 7 cannot connect, 18 cut off, 22 status of 400 or more
(-f), 23 cannot write, 26 cannot read, 28 timeout, 33 no ranges, 35 TLS, 47 too many redirects, 52 empty reply, 56 lost
connection, 60 certificate, 61 bad encoding, 63 too large. ~/.curlrc holds options for every call; -q ignores it.
)";

}  // namespace

std::string help_text() {
  constexpr std::size_t column = 36;
  std::string out = "Usage: braid-get [options...] URL...\nFetches URLs, as curl does.\n";
  for (const option_group& group : option_groups()) {
    out += "\n" + std::string(group.title) + ":\n";
    for (const option& one : group.options) {
      if (one.help.empty()) continue;
      std::string line = one.letter ? std::string("  -") + one.letter + ", " : "      ";
      line += "--" + std::string(one.name);
      if (!one.value.empty()) line += " " + std::string(one.value);
      line.resize(std::max(line.size() + 1, column), ' ');
      out += line + std::string(one.help) + "\n";
    }
  }
  return out + examples;
}

}  // namespace braid::get
