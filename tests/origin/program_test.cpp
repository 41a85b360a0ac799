// Runs the program itself and asks it with curl.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <catch2/catch.hpp>
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

namespace {

const std::string program = BRAID_BIN_DIR "/braid-origin";

struct output {
  std::string text;
  int code = -1;
};

output shell(const std::string& command) {
  output out;
  FILE* pipe = popen(command.c_str(), "r");
  REQUIRE(pipe);
  std::array<char, 4096> piece;
  while (const std::size_t got = fread(piece.data(), 1, piece.size(), pipe)) out.text.append(piece.data(), got);
  const int state = pclose(pipe);
  out.code = WIFEXITED(state) ? WEXITSTATUS(state) : 128;
  return out;
}

/// braid-origin on a free port, for the length of a test.
class running {
 public:
  explicit running(std::vector<std::string> options) {
    options.insert(options.begin(), {program, "--listen", "127.0.0.1:0", "--quiet"});
    int ends[2];
    REQUIRE(pipe(ends) == 0);
    child_ = fork();
    REQUIRE(child_ >= 0);
    if (child_ == 0) {
      dup2(ends[1], STDOUT_FILENO);
      close(ends[0]);
      close(ends[1]);
      std::vector<char*> arguments;
      for (std::string& option : options) arguments.push_back(option.data());
      arguments.push_back(nullptr);
      execv(program.c_str(), arguments.data());
      _exit(127);
    }
    close(ends[1]);
    FILE* lines = fdopen(ends[0], "r");
    std::array<char, 200> line{};
    REQUIRE(fgets(line.data(), line.size(), lines));
    fclose(lines);
    const std::string text(line.data());
    REQUIRE(text.find("braid-origin listening on http") == 0);
    base_ = text.substr(text.find("http"), text.find('\n') - text.find("http"));
  }
  ~running() {
    if (child_ > 0) stop(SIGKILL);
  }
  int stop(int with) {
    kill(child_, with);
    int state = 0;
    waitpid(child_, &state, 0);
    child_ = -1;
    return WIFEXITED(state) ? WEXITSTATUS(state) : 128 + WTERMSIG(state);
  }
  output curl(const std::string& options, const std::string& path) const {
    return shell("curl -s --max-time 20 " + options + " '" + base_ + path + "' 2>&1");
  }
  const std::string& base() const { return base_; }

 private:
  pid_t child_ = -1;
  std::string base_;
};

bool has(const std::string& text, std::string_view piece) { return text.find(piece) != text.npos; }

}  // namespace

TEST_CASE("braid-origin serves on a free port and ends cleanly on Ctrl-C") {
  running site({"--contexts", "2"});
  CHECK(has(site.curl("", "/google/search?q=coffee").text, "<h3 class=\"LC20lb"));
  CHECK(has(site.curl("", "/bing/search?q=coffee").text, "b_algo"));
  CHECK(site.curl("", "/bytes/1000").text.size() == 1000);
  CHECK(site.curl("-L", "/redirect/3").text == "arrived\n");
  CHECK(has(site.curl("--compressed -i", "/gzip").text, "0123456789"));
  CHECK(has(site.curl("-T /dev/null", "/upload").text, "\"bytes\":0"));
  CHECK(has(site.curl("--http1.0 -i", "/stream/3").text, "line 3 of 3"));
  CHECK(has(site.curl("", "/stats").text, "\"max_in_flight\":1"));
  CHECK(site.stop(SIGINT) == 0);
}

TEST_CASE("braid-origin's faults reach curl as what they are") {
  CHECK(running({"--fault", "reset:1"}).curl("", "/search?q=x").code == 56);
  CHECK(running({"--fault", "truncate:1"}).curl("", "/search?q=x").code == 18);
  CHECK(running({"--fault", "stall:1"}).curl("--max-time 1", "/search?q=x").code == 28);
  CHECK(has(running({"--fault", "429:1"}).curl("-i", "/search?q=x").text, "Retry-After: 1"));
}

TEST_CASE("braid-origin serves saved pages") {
  if (!std::filesystem::exists(BRAID_SHARED_DIR "/data/serp-pages/index.jsonl")) {
    WARN("skipped: ../shared/data/serp-pages is not there");
    return;
  }
  running site({"--pages", BRAID_SHARED_DIR "/data/serp-pages"});
  CHECK(site.curl("", "/google/search?q=why+are+bananas+yellow").text.size() > 1'000'000);
  CHECK(site.curl("", "/brave/search?q=anything").text.size() > 10'000);
}

TEST_CASE("braid-origin speaks TLS") {
  const std::string folder = shell("mktemp -d").text;
  const std::string at = folder.substr(0, folder.size() - 1);
  const output made = shell(
      "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=127.0.0.1 -addext "
      "subjectAltName=IP:127.0.0.1 -keyout " +
      at + "/key.pem -out " + at + "/cert.pem 2>&1");
  INFO(made.text);
  REQUIRE(made.code == 0);
  running site({"--tls-cert", at + "/cert.pem", "--tls-key", at + "/key.pem"});
  CHECK(has(site.base(), "https://"));
  CHECK(site.curl("--cacert " + at + "/cert.pem", "/bytes/100").text.size() == 100);
  CHECK(site.curl("", "/bytes/100").code == 60);
  CHECK(shell("curl -s --max-time 5 http" + site.base().substr(5) + "/").code != 0);
  shell("rm -r " + at);
}

TEST_CASE("braid-origin says what is wrong with its command line") {
  const auto refused = [](const std::string& options, std::string_view why) {
    const output got = shell(program + " " + options + " 2>&1 < /dev/null");
    INFO(options << ": " << got.text);
    CHECK(got.code == 2);
    CHECK(has(got.text, why));
  };
  refused("--listen 0.0.0.0:0", "--allow-remote");
  refused("--listen 127.0.0.1", "ADDRESS:PORT");
  refused("--listen 127.0.0.1:99999", "no port");
  refused("--latency soon", "latency \"soon\"");
  refused("--fault melt:1", "melt:1");
  refused("--engine altavista", "altavista");
  refused("--contexts 0", "--contexts 0");
  refused("--no-such-option", "--no-such-option");
  CHECK(shell(program + " --pages /nonexistent 2>&1").code == 3);
  const output help = shell(program + " --help");
  CHECK(help.code == 0);
  CHECK(has(help.text, "Examples:"));
}

TEST_CASE("braid-origin --log has a line for each search: when, from whom, which engine, what for") {
  const std::string file = std::filesystem::temp_directory_path() / ("braid-origin-log-" + std::to_string(getpid()));
  std::filesystem::remove(file);
  {
    const running origin({"--log", file, "--limit", "1000"});
    shell("curl -s --interface 127.0.0.9 '" + origin.base() + "/bing/search?q=a%09b%0Ac' '" + origin.base() +
          "/headers'");
    shell("curl -s '" + origin.base() + "/google/search?q=x'");
  }
  const output lines = shell("cut -f 2- " + file);
  CHECK(lines.text == "127.0.0.9\tbing\ta b c\n127.0.0.1\tgoogle\tx\n");
  CHECK(shell("cut -f 1 " + file + " | sort -nc").code == 0);
  std::filesystem::remove(file);
  const output refused = shell(program + " --listen 127.0.0.1:0 --log /nowhere/at/all 2>&1");
  CHECK(refused.code == 3);
  CHECK(refused.text.find("/nowhere/at/all") != std::string::npos);
}
