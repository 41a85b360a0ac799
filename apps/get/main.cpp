// braid-get: the HTTP client for the terminal. The only file that includes CLI11, which costs ten seconds to compile.
#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>

#include <braid/core/error.hpp>
#include <braid/runtime/runtime.hpp>

#include "body_text.hpp"
#include "get_error.hpp"
#include "transfer.hpp"

namespace {

using namespace braid::get;

constexpr const char* examples = R"(
Examples:
  braid-get https://example.org/
  braid-get -L -o page.html example.org          follow redirects, save the page
  braid-get -I http://127.0.0.1:8080/            the head alone
  braid-get -d name=value -d @form.txt URL       POST a form
  braid-get -d '{"a":1}' -H 'Content-Type: application/json' URL
  braid-get -f -sS -m 5 URL || echo failed       scripts: a failing status is a failure, 5 seconds at most
  braid-get --cacert ca.pem --resolve example.org:443:127.0.0.1 https://example.org/

Options and exit codes are curl's: 3 bad URL, 6 no such host, 7 cannot connect, 18 cut off, 22 status of 400 or more
(-f), 23 cannot write, 26 cannot read, 28 timeout, 35 TLS, 47 too many redirects, 52 empty reply, 56 lost connection,
60 certificate, 61 bad encoding, 63 too large.
)";

std::optional<braid::duration> seconds(const std::optional<double>& number) {
  if (!number || *number <= 0) return std::nullopt;
  return std::chrono::duration_cast<braid::duration>(std::chrono::duration<double>(*number));
}

/// Several -d become one body, as curl joins them.
void add_data(get_options& to, const std::vector<std::string>& arguments, data_kind kind) {
  for (const std::string& argument : arguments) {
    const std::string text = body_text(argument, kind);
    to.data = to.data ? *to.data + "&" + text : text;
  }
}

int run(const get_options& options) {
  const braid::http::client client = make_client(options);
  braid::runtime runtime;
  return runtime.run([&]() -> braid::awaitable<int> {
    int last = done;
    for (std::size_t i = 0; i < options.urls.size(); ++i) {
      const int code = co_await transfer(options, client, i);
      if (code != done) last = code;
    }
    co_return last;
  });
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  CLI::App app("Fetches URLs, as curl does.", "braid-get");
  app.footer(examples);
  app.set_version_flag("-V,--version", "braid-get " BRAID_VERSION);
  get_options options;
  std::vector<std::string> data, raw, binary;
  std::optional<double> max_time, connect_timeout;
  app.add_option("URL", options.urls, "what to fetch; http:// where no scheme is named")->required();
  app.add_option("-o,--output", options.outputs, "write to FILE instead of standard output, one for each URL")
      ->type_name("FILE")
      ->allow_extra_args(false);
  app.add_flag("-O,--remote-name", options.remote_name, "write to a file named as in the URL");
  app.add_flag("-i,--include", options.include_head, "write the response's head too");
  app.add_flag("-I,--head", options.head_only, "ask for the head alone");
  app.add_flag("-L,--location", options.follow, "follow redirects");
  app.add_option("--max-redirs", options.max_redirects, "so many at most")->type_name("N")->capture_default_str();
  app.add_option("-X,--request", options.method, "the method")->type_name("METHOD");
  app.add_option("-d,--data", data, "send a POST body; @FILE reads one, without its line ends; several join with &")
      ->allow_extra_args(false);
  app.add_option("--data-raw", raw, "as -d, and '@' means nothing")->allow_extra_args(false);
  app.add_option("--data-binary", binary, "as -d, and a file stays as it is")->allow_extra_args(false);
  app.add_flag("-G,--get", options.data_in_query, "send the data in the URL's query");
  app.add_option("-H,--header", options.headers, "send a header, \"Name: value\"")->allow_extra_args(false);
  app.add_option("-A,--user-agent", options.user_agent, "name the client")->capture_default_str();
  app.add_option("-e,--referer", options.referer, "send a Referer");
  app.add_option("-b,--cookie", options.cookie, "send a Cookie header")->type_name("NAME=VALUE");
  app.add_option("-u,--user", options.user, "basic authentication")->type_name("USER:PASSWORD");
  app.add_flag("-f,--fail", options.fail, "a status of 400 or more fails with 22, and writes no body");
  app.add_flag("-s,--silent", options.silent, "say nothing, not even what failed");
  app.add_flag("-S,--show-error", options.show_error, "with -s, say what failed");
  app.add_flag("-k,--insecure", options.insecure, "do not verify certificates");
  app.add_option("--cacert", options.ca_file, "trust these authorities")->type_name("FILE");
  app.add_option("-m,--max-time", max_time, "for all of a transfer")->type_name("SECONDS");
  app.add_option("--connect-timeout", connect_timeout, "to connect")->type_name("SECONDS");
  app.add_option("--max-filesize", options.max_file_size, "refuse larger bodies")->type_name("BYTES");
  app.add_flag("--compressed", options.compressed, "ask for gzip, deflate, br or zstd, and undo it");
  app.add_option("--resolve", options.resolve, "an address to use for a host")
      ->type_name("HOST:PORT:ADDRESS")
      ->allow_extra_args(false);
  app.add_option("--unix-socket", options.unix_socket, "connect to this socket")->type_name("PATH");
  app.add_flag("-v,--verbose", options.verbose, "show heads on standard error");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? done : usage;
  }
  try {
    options.max_time = seconds(max_time);
    options.connect_timeout = seconds(connect_timeout);
    add_data(options, data, data_kind::ascii);
    add_data(options, raw, data_kind::raw);
    add_data(options, binary, data_kind::binary);
    return run(options);
  } catch (const get_error& e) {
    std::fprintf(stderr, "braid-get: (%d) %s\n", e.code(), e.what());
    return e.code();
  } catch (const std::exception& e) {
    std::fprintf(stderr, "braid-get: %s\n", e.what());
    return usage;
  }
}
