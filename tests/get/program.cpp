#include "program.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <cstdlib>
#include <fstream>
#include <mutex>
#include <set>
#include <sstream>

#include <braid/http/server.hpp>
#include <braid/net/transport.hpp>
#include <braid/runtime/sleep.hpp>

namespace get_test {

using namespace braid;
namespace fs = std::filesystem;

scratch::scratch() {
  std::string name = (fs::temp_directory_path() / "braid-get-XXXXXX").string();
  path_ = mkdtemp(name.data());
}

scratch::~scratch() { fs::remove_all(path_); }

std::string content(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

void write(const std::string& file, std::string_view text) { std::ofstream(file, std::ios::binary) << text; }

result get(const std::string& arguments, const std::string& before) {
  const scratch here;
  // Redirections in the arguments come later and win.
  const std::string command = ">" + here.file("out") + " 2>" + here.file("err") + " </dev/null HOME=" + here.file("") +
                              " CURL_HOME= XDG_CONFIG_HOME= " + before + " " + std::string(BRAID_BIN_DIR) +
                              "/braid-get " + arguments;
  const int status = std::system(command.c_str());
  result got;
  got.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  got.out = content(here.file("out"));
  got.err = content(here.file("err"));
  return got;
}

namespace {

http::reply raw(std::string bytes) {
  return http::reply::raw([bytes](net::transport& stream) -> asio::awaitable<void> {
    co_await stream.write(asio::buffer(bytes));
    co_await stream.shutdown_send();
  });
}

/// Answers by path; "/echo" tells what it was asked.
asio::awaitable<http::reply> site(http::server_request& request) {
  const std::string body = co_await request.body();
  const std::string path(request.path());
  const bool signed_in = !request.fields().get("Proxy-Authorization").value_or("").empty();
  if (path == "/proxy-digest" && !signed_in) {
    co_return http::reply(407, "", "").header("Proxy-Authenticate", "Digest realm=\"r\", nonce=\"n\", qop=\"auth\"");
  }
  if (path == "/basic" || path == "/proxy-basic") {
    const bool proxy = path == "/proxy-basic";
    const auto said = request.header(proxy ? "Proxy-Authorization" : "Authorization");
    if (said) co_return http::reply::text(std::string(*said) + "\n");
    http::reply no(proxy ? 407 : 401, "sign in\n", "text/plain");
    co_return no.header(proxy ? "Proxy-Authenticate" : "WWW-Authenticate", "Basic realm=\"r\"");
  }
  if (path == "/echo" || path == "/proxy-digest") {
    std::string text(request.method());
    text += " " + std::string(request.target()) + "\n";
    for (const auto field : request.fields()) text += std::string(field.name) + ": " + std::string(field.value) + "\n";
    co_return http::reply::text(text + "\n" + body);
  }
  if (path == "/set-cookie") co_return http::reply::text("").header("Set-Cookie", "name=value; Max-Age=60");
  if (path == "/hello") co_return http::reply::text("hello\n");
  const std::string query(request.target().substr(std::min(request.target().find('?') + 1, request.target().size())));
  if (path == "/to") co_return http::reply::redirect(query);
  if (path == "/to-303") co_return http::reply(303, "", "").header("Location", query);
  if (path == "/to-301") co_return http::reply(301, "", "").header("Location", query);
  if (path == "/named") {
    co_return http::reply::text("by the server\n")
        .header("Content-Disposition", "attachment; filename=\"" + query + "\"");
  }
  if (path == "/named-cut") {
    co_return raw("HTTP/1.1 200 OK\r\nContent-Disposition: attachment; filename=" + query +
                  "\r\nContent-Length: 10\r\n\r\n123");
  }
  if (path == "/guarded") {
    // It takes no answer for good, so that each of them can be seen.
    const auto said = request.header("Authorization");
    if (said) co_return http::reply::text(std::string(*said) + "\n");
    http::reply no(401, "sign in\n", "text/plain");
    co_return no.header("WWW-Authenticate", "Digest realm=\"" + query + "\", nonce=\"n-" + query + "\", qop=\"auth\"");
  }
  if (path == "/guarded-to") {
    const auto said = request.header("Authorization");
    if (said) co_return http::reply::redirect(query);
    http::reply no(401, "sign in\n", "text/plain");
    co_return no.header("WWW-Authenticate", "Digest realm=\"here\", nonce=\"n-here\", qop=\"auth\"");
  }
  if (path == "/loop") co_return http::reply::redirect("/loop");
  if (path == "/to-hello") co_return http::reply::redirect("/hello");
  if (path == "/large") co_return http::reply::text(std::string(100'000, 'x'));
  if (path == "/counted") {
    static std::atomic<int> count = 0;
    co_return http::reply::text(std::to_string(++count)).header("Cache-Control", "max-age=60");
  }
  if (path == "/file") {
    const std::string whole = "0123456789";
    const std::string range(request.fields().get("Range").value_or(""));
    if (!range.starts_with("bytes="))
      co_return http::reply::text(whole).header("Last-Modified", "Sun, 06 Nov 1994 08:49:37 GMT");
    const std::size_t from = std::stoul(range.substr(6)), dash = range.find('-');
    const std::size_t to = dash + 1 < range.size() ? std::stoul(range.substr(dash + 1)) : whole.size() - 1;
    http::reply part(206, whole.substr(from, to + 1 - from), "text/plain");
    co_return std::move(part).header("Content-Range",
                                     "bytes " + std::to_string(from) + "-" + std::to_string(to) + "/10");
  }
  if (path == "/slow") {
    co_await sleep_for(std::chrono::seconds(30));
    co_return http::reply::text("late");
  }
  if (path == "/busy-once") {  // for each query: 503, from then on 200
    static std::mutex guard;
    static std::set<std::string> seen;
    const std::lock_guard lock(guard);
    if (seen.insert(query).second) co_return http::reply(503, "busy\n", "text/plain");
    co_return http::reply::text("free\n");
  }
  if (path == "/lost-once") {
    static std::mutex guard;
    static std::set<std::string> seen;
    const std::lock_guard lock(guard);
    if (seen.insert(query).second) co_return raw("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n123");
    co_return http::reply::text("whole\n");
  }
  if (path == "/tagged") {
    const bool same = request.header("If-None-Match").value_or("") == "\"tag-1\"";
    co_return http::reply(same ? 304 : 200, same ? "" : "tagged\n", "text/plain").header("ETag", "\"tag-1\"");
  }
  if (path == "/claims-h2") co_return raw("HTTP/2 200 OK\r\nContent-Length: 0\r\n\r\n");
  if (path == "/headless") co_return raw("no head\n");
  if (path == "/chunked") {
    co_return raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n3\r\nabc\r\n0\r\n\r\n");
  }
  if (path == "/longer") co_return raw("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nabcd");
  if (path == "/trickle") {
    co_return http::reply::raw([](net::transport& stream) -> asio::awaitable<void> {
      const std::string begun = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nbegun";
      co_await stream.write(asio::buffer(begun));
      co_await sleep_for(std::chrono::seconds(30));
    });
  }
  if (path == "/empty") co_return raw("");
  if (path == "/cut") co_return raw("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n123");
  if (path == "/chunk") co_return raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxx\r\n");
  if (path == "/bad-gzip") {
    co_return raw("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nplop");
  }
  co_return http::reply(404, "no such page\n", "text/plain");
}

}  // namespace

server::server() {
  std::atomic<bool> listening = false;
  thread_ = std::thread([this, &listening] {
    http::server_options options;
    options.on_listening = [&listening] { listening = true; };
    http::server here(site, options);
    here.listen("127.0.0.1", 0);
    base_ = "127.0.0.1:" + std::to_string(here.local_port());
    asio::co_spawn(io_, here.serve(), asio::detached);
    io_.run();
  });
  // Before it listens, connections would be refused.
  while (!listening) std::this_thread::yield();
}

server::~server() {
  io_.stop();
  thread_.join();
}

}  // namespace get_test
