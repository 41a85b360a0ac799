#include <bench/run/origin_process.hpp>
#include <child_program.hpp>
#include <scratch_folder.hpp>

#include <nlohmann/json.hpp>

#include "bench_program.hpp"

using bench_tests::has;
using bench_tests::run;
using braid::bench::origin_process;

namespace {

origin_process origin(std::vector<std::string> more = {}) {
  more.insert(more.begin(), {"--listen", "127.0.0.1:0", "--quiet"});
  return {std::string(BRAID_BIN_DIR) + "/braid-origin", more};
}

const std::string quick = " --warm-up 0 --progress none ";

/// For 127.0.0.1, signed by itself.
void make_certificate(const std::string& key, const std::string& certificate) {
  const auto made =
      "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=127.0.0.1 -addext "
      "subjectAltName=IP:127.0.0.1 -keyout " +
      key + " -out " + certificate + " 2>/dev/null";
  REQUIRE(std::system(made.c_str()) == 0);
}

nlohmann::json report_of(const std::string& text) { return nlohmann::json::parse(text); }

}  // namespace

TEST_CASE("load asks as often as it is told and tells what came back") {
  const auto site = origin();
  const auto result = run("load " + site.url() + "/bytes/100 -n 50 --repeat 3 -c 4 --contexts 2 --json -" + quick);
  const auto report = report_of(result.out);
  CHECK(report["requests"] == 150);
  CHECK(report["succeeded"] == 150);
  CHECK(report["bytes"] == 15'000);
  CHECK(report["statuses"]["200"] == 150);
  CHECK(report["protocol"] == "HTTP/1.1");
  REQUIRE(report["runs"].size() == 3);
  for (const auto& one : report["runs"]) {
    CHECK(one["requests"] == 50);
    CHECK(one["contexts"].size() == 2);
    CHECK(one["latency"]["count"] == 50);
  }
}

TEST_CASE("load says that a moment supports no figure and ends with code 4") {
  const auto site = origin();
  const auto result = run("load " + site.url() + "/bytes/1 -n 3 --repeat 1 -c 1" + quick);
  CHECK(result.code == 4);
  CHECK(has(result.out, "FAILS The shortest repetition"));
  CHECK(has(result.out, "Not supported"));
}

TEST_CASE("load at a rate that cannot hold says so") {
  const auto site = origin();
  // One connection and 50 ms an answer: 20 a second at most.
  const auto result = run("load " + site.url() + "/delay/50 --rate 100 -d 500ms --repeat 1 -c 1" + quick);
  CHECK(result.code == 4);
  CHECK(has(result.out, "The rate did not hold"));
}

TEST_CASE("load counts bad statuses as failures: some are code 1 and nothing else is code 3") {
  const auto site = origin();
  const scratch_folder folder;
  scratch_folder::put(folder.file("mix"), "1 GET /status/503\n1 GET /bytes/1\n");
  const auto some = run("load " + site.url() + " --mix " + folder.file("mix") + " -n 10 --repeat 1 --json -" + quick);
  CHECK(some.code == 1);
  CHECK(report_of(some.out)["statuses"] == nlohmann::json({{"200", 5}, {"503", 5}}));
  CHECK(run("load " + site.url() + "/status/500 -n 4 --repeat 1" + quick).code == 3);
}

TEST_CASE("load verifies certificates unless told otherwise") {
  const scratch_folder folder;
  const auto key = folder.file("key.pem");
  const auto certificate = folder.file("cert.pem");
  make_certificate(key, certificate);
  const auto site = origin({"--tls-cert", certificate, "--tls-key", key});
  REQUIRE(has(site.url(), "https://"));
  const auto load = "load " + site.url() + "/bytes/10 -n 5 --repeat 1 --json - ";
  const auto refused = run(load + quick, true);
  CHECK(refused.code == 3);
  CHECK(has(refused.out, "certificate"));
  CHECK(report_of(run(load + "-k" + quick).out)["succeeded"] == 5);
  CHECK(report_of(run(load + "--cacert " + certificate + quick).out)["succeeded"] == 5);
}

TEST_CASE("load speaks HTTP/2 with as many connections as its streams need") {
  if (!child_program::installed("nghttpd")) {
    WARN("SKIPPED: no nghttpd");
    return;
  }
  const scratch_folder folder;
  scratch_folder::put(folder.file("x"), "0123456789");
  const auto port = std::to_string(child_program::free_port());
  const std::string load = "/x --http2 -c 30 --streams 10 -n 90 --repeat 2 --json -" + quick;
  {
    const child_program server({"nghttpd", "--no-tls", "-a", "127.0.0.1", "-d", folder.file(""), port},
                               static_cast<std::uint16_t>(std::stoul(port)));
    const auto report = report_of(run("load http://127.0.0.1:" + port + load).out);
    CHECK(report["protocol"] == "HTTP/2");
    CHECK(report["succeeded"] == 180);
  }
  const auto key = folder.file("key.pem");
  const auto certificate = folder.file("cert.pem");
  make_certificate(key, certificate);
  const child_program server({"nghttpd", "-a", "127.0.0.1", "-d", folder.file(""), port, key, certificate},
                             static_cast<std::uint16_t>(std::stoul(port)));
  const auto report = report_of(run("load https://127.0.0.1:" + port + load + " --cacert " + certificate).out);
  CHECK(report["protocol"] == "HTTP/2");
  CHECK(report["succeeded"] == 180);
}

TEST_CASE("load ends with what it has at Ctrl-C") {
  const auto site = origin();
  const auto result = run("load " + site.url() + "/delay/1 -d 60s -c 2" + quick, false,
                          "timeout --foreground --preserve-status -s INT 1 ");
  CHECK(result.code == 130);
  CHECK(has(result.out, "Interrupted"));
}
