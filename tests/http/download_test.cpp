#include <braid/http/download.hpp>

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include <braid/runtime/timeout.hpp>

#include "client_fixture.hpp"
#include "download/part_file.hpp"
#include "download/rules.hpp"

using namespace client_tests;
namespace fs = std::filesystem;

namespace {

const std::string text = "0123456789";

/// A folder and the file to be fetched into it.
class target {
 public:
  target() {
    std::string name = (fs::temp_directory_path() / "braid-download-XXXXXX").string();
    folder_ = mkdtemp(name.data());
  }
  ~target() { fs::remove_all(folder_); }
  fs::path file() const { return folder_ / "file"; }
  fs::path part() const { return folder_ / "file.part"; }
  std::size_t files() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()));
  }
  static std::string content(const fs::path& of) {
    std::ifstream in(of, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(in), {});
  }
  /// What an earlier run left.
  void leave(const std::string& bytes, const std::string& validator = "\"v1\"", const std::string& url = "http://h/") {
    http::part_file left(file());
    http::download_state what;
    what.validator = validator;
    what.total = text.size();
    left.begin(url, what);
    left.append(bytes);
  }

 private:
  fs::path folder_;
};

std::string whole(const std::string& tag = "\"v1\"") { return ok(text, "ETag: " + tag + "\r\n"); }

/// The beginning of the whole, and then the connection is lost.
std::string cut(std::size_t after, const std::string& fields = "ETag: \"v1\"\r\n") {
  const std::string all = ok(text, fields);
  return all.substr(0, all.size() - text.size() + after);
}

std::string part(std::size_t first, const std::string& range, const std::string& fields = "ETag: \"v1\"\r\n") {
  const std::string body = text.substr(first);
  return "HTTP/1.1 206 Partial Content\r\n" + fields + "Content-Range: bytes " + range +
         "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

/// What a download comes to with a server that answers so, connection after connection: the file, or the failure.
std::string fetched(const target& to, scripted_peer& peer, http::download_options options = {}) {
  return run_virtual([&]() -> awaitable<std::string> {
    http::client client = client_of(peer);
    try {
      http::download_result got = co_await http::download(client, "http://h/", to.file(), options);
      CHECK(got.bytes == fs::file_size(to.file()));
    } catch (const error& e) {
      co_return std::string(to_string(e.code())) + ": " + e.what();
    }
    co_return target::content(to.file());
  });
}

std::string fetched(const target& to, std::vector<std::string> answers, std::vector<std::string>* requests = nullptr) {
  scripted_peer peer;
  for (std::string& one : answers) peer.next(answers_and_closes(std::move(one)));
  std::string out = fetched(to, peer);
  if (requests) *requests = peer.requests();
  return out;
}

bool has(const std::string& in, const std::string& piece) { return in.find(piece) != in.npos; }

}  // namespace

TEST_CASE("a Content-Range is read, and refused where it contradicts itself") {
  const auto got = http::parse_content_range("bytes 2-9/10");
  REQUIRE(got);
  CHECK(got->first == 2);
  CHECK(got->last == 9);
  CHECK(got->total == 10);
  CHECK_FALSE(http::parse_content_range("bytes 0-0/*")->total);
  CHECK_FALSE(http::parse_content_range("BYTES */10")->first);
  for (const char* bad : {"", "bytes", "bytes 2-9", "bytes 9-2/10", "bytes 2-10/10", "bytes */*", "bytes -9/10",
                          "bytes 2-/10", "items 2-9/10", "bytes 2-9/ten", "bytes 2-99999999999999999999/*"}) {
    INFO(bad);
    CHECK_FALSE(http::parse_content_range(bad));
  }
}

TEST_CASE("only a strong validator is good for a part") {
  const char* const old = "Sun, 06 Nov 1994 08:49:37 GMT";
  CHECK(http::strong_validator({{"ETag", "\"a\""}, {"Last-Modified", old}}) == "\"a\"");
  CHECK(http::strong_validator({{"ETag", "W/\"a\""}, {"Last-Modified", old}, {"Date", "Sun, 06 Nov 1994 08:49:39 GMT"}})
            .empty());
  CHECK(http::strong_validator({{"Last-Modified", old}, {"Date", "Sun, 06 Nov 1994 08:49:38 GMT"}}) == old);
  CHECK(http::strong_validator({{"Last-Modified", old}, {"Date", old}}).empty());
  CHECK(http::strong_validator({{"Last-Modified", old}}).empty());
}

TEST_CASE("a download that loses its connection asks for what is missing, and the file appears whole") {
  const target to;
  std::vector<std::string> requests;
  CHECK(fetched(to, {cut(4), part(4, "4-9/10")}, &requests) == text);
  CHECK(to.files() == 1);
  CHECK_FALSE(has(requests[0], "Range"));
  CHECK(has(requests[0], "Accept-Encoding: identity\r\n"));
  CHECK(has(requests[1], "Range: bytes=4-\r\n"));
  CHECK(has(requests[1], "If-Range: \"v1\"\r\n"));
}

TEST_CASE("a server that cuts every answer short is asked as long as it gives something") {
  const target to;
  scripted_peer peer;
  for (std::size_t i = 0; i < 9; ++i) {
    const std::string answer = i == 0 ? cut(1) : part(i, std::to_string(i) + "-9/10");
    peer.next(answers_and_closes(answer.substr(0, answer.size() - (i == 0 ? 0 : text.size() - i - 1))));
  }
  peer.next(answers_and_closes(part(9, "9-9/10")));
  CHECK(fetched(to, peer) == text);
  CHECK(peer.connections() == 10);
}

TEST_CASE("a download goes on with what an earlier run left, if that is of the same resource") {
  std::vector<std::string> requests;
  {
    target to;
    to.leave("0123");
    CHECK(fetched(to, {part(4, "4-9/10")}, &requests) == text);
    CHECK(has(requests[0], "Range: bytes=4-\r\n"));
  }
  {
    target to;
    to.leave("abcd");
    CHECK(fetched(to, {whole("\"v2\"")}) == text);  // it is another one now: If-Range made the server send all
  }
  {
    target to;
    to.leave("0123", "\"v1\"", "http://other/");
    CHECK(fetched(to, {whole()}, &requests) == text);
    CHECK_FALSE(has(requests[0], "Range"));
  }
  {
    target to;
    to.leave("0123");
    fs::remove(to.file().string() + ".part.info");
    CHECK(fetched(to, {whole()}, &requests) == text);
    CHECK_FALSE(has(requests[0], "Range"));
  }
  {
    target to;
    to.leave("0123");
    scripted_peer peer;
    peer.next(answers_and_closes(whole()));
    http::download_options anew;
    anew.resume = false;
    CHECK(fetched(to, peer, anew) == text);
    CHECK_FALSE(has(peer.requests()[0], "Range"));
  }
}

TEST_CASE("without a strong validator a lost download begins anew") {
  const target to;
  std::vector<std::string> requests;
  CHECK(fetched(to, {cut(4, "ETag: W/\"v1\"\r\n"), whole()}, &requests) == text);
  CHECK_FALSE(has(requests[1], "Range"));
}

TEST_CASE("416 says that all is there, or that the part is of no use") {
  const std::string beyond = "HTTP/1.1 416 No\r\nContent-Range: bytes */10\r\nContent-Length: 0\r\n\r\n";
  {
    target to;
    to.leave(text);
    CHECK(fetched(to, std::vector<std::string>{}) == text);  // the note says how long it is
  }
  {
    target to;
    to.leave("0123");
    CHECK(fetched(to, {beyond, whole()}) == text);
  }
  {
    target to;
    CHECK(has(fetched(to, {beyond}), "bad_status: GET http://h/: 416 No"));
  }
}

TEST_CASE("a part that is not the one that was asked for is refused") {
  const std::string other_tag = "ETag: \"v2\"\r\n";
  for (const std::string& bad :
       {part(4, "3-8/10"), part(4, "4-9/11"), part(4, "4-8/10"), part(4, "nonsense"), part(4, "4-9/10", other_tag)}) {
    INFO(bad);
    target to;
    to.leave("0123");
    CHECK(has(fetched(to, {bad}), "protocol: GET http://h/: "));
    CHECK(target::content(to.part()) == "0123");
  }
  target to;
  CHECK(has(fetched(to, {part(0, "0-9/10")}), "protocol: "));
}

TEST_CASE("a server in trouble is asked again, and one that says no is not") {
  const target to;
  const std::string busy = "HTTP/1.1 503 Busy\r\nRetry-After: 7\r\nContent-Length: 0\r\n\r\n";
  CHECK(fetched(to, {busy, cut(4), busy, part(4, "4-9/10")}) == text);
  const target other;
  CHECK(has(fetched(other, {"HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n"}), "bad_status: GET http://h/: 404 No"));
  CHECK_FALSE(fs::exists(other.file()));
  const target never;
  CHECK(has(fetched(never, {busy, busy, busy}), "bad_status: GET http://h/: 503 Busy"));
  const target refused;
  CHECK(has(fetched(refused, std::vector<std::string>{}), "connect_failed: "));
}

TEST_CASE("a download is bounded, tells how far it is, and keeps its part when it is cancelled") {
  target to;
  scripted_peer peer;
  peer.next(answers_and_closes(whole())).next(answers_and_closes(whole()));
  http::download_options options;
  options.bytes = 9;
  CHECK(has(fetched(to, peer, options), "limit_exceeded: "));
  std::uint64_t seen = 0;
  options.bytes = 10;
  options.progress = [&](const http::download_progress& now) {
    CHECK(now.total == 10);
    seen = now.received;
  };
  CHECK(fetched(to, peer, options) == text);
  CHECK(seen == 10);

  fs::remove(to.file());
  scripted_peer slow;
  slow.next([](wire& w) -> awaitable<void> {
    co_await w.read_request();
    const std::string begin = cut(4);
    co_await w.send(begin);
    co_await w.hang();
  });
  run_virtual([&]() -> awaitable<void> {
    http::client client = client_of(slow);
    bool late = false;
    try {
      auto fetching = http::download(client, "http://h/", to.file());
      co_await with_timeout(5s, std::move(fetching));
    } catch (const timeout_error&) {
      late = true;
    }
    CHECK(late);
  });
  CHECK(target::content(to.part()) == "0123");
  CHECK(fetched(to, {part(4, "4-9/10")}) == text);
}

TEST_CASE("two downloads do not write the same file, and none follows a link") {
  const target to;
  {
    const http::part_file first(to.file());
    CHECK_THROWS_AS(http::part_file(to.file()), io_error);
  }
  fs::remove(to.part());
  fs::create_symlink(to.file(), to.part());
  CHECK_THROWS_AS(http::part_file(to.file()), io_error);
}
