// libFuzzer target: what braid-serp serve makes of requests before anything is done for them: parser, router, path,
// query and body. What is taken must be within its bounds, lead to nobody but the engines, and be the same again once
// it was stored; what is refused must say so as JSON.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <braid/core/percent.hpp>
#include <braid/core/url.hpp>
#include <braid/http/router.hpp>

#include "../../apps/serp/serve/list_request.hpp"
#include "../../apps/serp/serve/request_body.hpp"
#include "../../apps/serp/serve/task_request.hpp"
#include "server/request_parser.hpp"

namespace {

using namespace braid;
using nlohmann::json;

void expect(bool truth) {
  if (!truth) std::abort();
}

/// As the API has them; none is called here.
http::router routes() {
  http::router out;
  const auto handler = [](http::server_request&, const http::path_values&) -> boost::asio::awaitable<http::reply> {
    co_return http::reply(204);
  };
  for (const char* pattern : {"/v1/scrape", "/v1/task", "/v1/task/batch"}) out.add("POST", pattern, handler);
  for (const char* pattern : {"/v1/task/{id}", "/v1/task/{id}/results", "/v1/task/{id}/events", "/v1/tasks"}) {
    out.add("GET", pattern, handler);
  }
  out.add("DELETE", "/v1/task/{id}", handler);
  return out;
}

void check(const serve::fault& why) {
  expect(why.status >= 400 && why.status < 500 && !why.code.empty());
  const auto said = json::parse(serve::to_json(why), nullptr, false);
  expect(said.is_object() && said["error"]["code"] == why.code);
}

bool is_text(std::string_view text, std::size_t longest) {
  for (const unsigned char c : text) {
    if (c < 0x20 || c == 0x7F) return false;
  }
  return text.size() <= longest;
}

/// "www.google.de": whatever was asked for, the host is one of Google's.
bool is_google(std::string_view domain) {
  return domain.starts_with("www.google.") && domain.size() <= 17 &&
         domain.find_first_not_of("abcdefghijklmnopqrstuvwxyz.") == std::string_view::npos;
}

void check(const json& parameters) {
  static const std::vector<std::string> engines = {"bing", "google"};
  const auto read = serve::read_request(parameters, engines);
  if (const auto* why = std::get_if<serve::fault>(&read)) return check(*why);
  const auto& taken = std::get<serve::task_request>(read);
  const auto& what = taken.what;
  expect(what.engine == "bing" || what.engine == "google");
  expect(!what.query.empty() && is_text(what.query, 2048));
  for (const auto* text : {&what.gl, &what.hl, &what.device, &what.location, &what.safe, &what.tbs}) {
    expect(is_text(*text, 512));
  }
  expect(what.google_domain.empty() || is_google(what.google_domain));
  expect(what.page >= 1 && what.page <= 100 && what.num <= 100 && what.start <= 10'000);
  if (!taken.callback.empty()) {
    const auto where = url::parse(taken.callback);
    expect(where.scheme() == "http" || where.scheme() == "https");
    expect(where.authority().find('@') == std::string_view::npos);
  }
  const auto stored = serve::parameters_json(taken);
  const auto again = serve::read_request(json::parse(stored, nullptr, false), engines);
  expect(std::holds_alternative<serve::task_request>(again));
  expect(serve::parameters_json(std::get<serve::task_request>(again)) == stored);
  expect(serve::sameness(std::get<serve::task_request>(again)) == serve::sameness(taken));
}

void answer(const http::request_head& head, const std::string& body) {
  static const http::router to = routes();
  const std::string_view target = head.target;
  const auto mark = target.find('?');
  const auto found = to.find(head.method, target.substr(0, mark));
  expect((found.handler != nullptr) == (found.status == 200));
  if (found.handler == nullptr) return;
  expect(!found.pattern.ends_with("{id}") || !found.values["id"].empty());
  if (found.pattern == "/v1/tasks") {
    const auto query = mark == target.npos ? std::string_view() : target.substr(mark + 1);
    const auto list = serve::read_list_request(form_decode(query));
    if (const auto* why = std::get_if<serve::fault>(&list)) return check(*why);
    const auto& wanted = std::get<serve::list_request>(list);
    expect(wanted.limit >= 1 && wanted.limit <= 1000 && wanted.before >= 0);
  } else if (found.pattern == "/v1/task/batch" && head.method == "POST") {
    const auto batch = serve::read_batch(body, 5000);
    if (const auto* why = std::get_if<serve::fault>(&batch)) return check(*why);
    for (const auto& one : std::get<json>(batch)) check(one);
  } else if (head.method == "POST") {
    const auto read = serve::read_parameters(body, head.fields.get("Content-Type").value_or(""));
    if (const auto* why = std::get_if<serve::fault>(&read)) return check(*why);
    check(std::get<json>(read));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using event = http::request_parser::event;
  std::string_view input(reinterpret_cast<const char*>(data), size);
  http::request_parser parser;
  std::string body;
  for (;;) {
    const auto what = parser.parse(input);
    expect(parser.consumed() <= input.size());
    if (what == event::body) body += parser.body();
    input.remove_prefix(parser.consumed());
    if (what == event::need_more || what == event::failed) return 0;
    if (what != event::complete) continue;
    answer(parser.head(), body);
    body.clear();
    parser.next();
  }
}
