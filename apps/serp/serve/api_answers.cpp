// What became of tasks: /v1/task/{id}, its results, /v1/tasks, DELETE.
#include "answer_text.hpp"
#include "api.hpp"
#include "callback_rules.hpp"
#include "list_request.hpp"
#include "task_json.hpp"

namespace braid::serve {
namespace {

fault no_task() { return fault(404, "no_task", "there is no such task"); }

}  // namespace

awaitable<http::reply> api_shared::show(call& from) {
  const auto row = store_.find(from.values["id"], from.owner);
  if (!row) co_return answer(no_task());
  const bool waits = row->state == scrape::task_state::waiting;
  auto text = task_json(*row, waits && work_.is_running(row->number));
  if (row->request.find("\"callback_url\"") != row->request.npos) {
    if (const auto callback = store_.callback(row->number)) {
      text.back() = ',';
      text += R"("callback":)" + callback_json(*callback) + '}';
    }
  }
  auto out = http::reply::json(std::move(text));
  out.header("Cache-Control", "no-store");
  co_return out;
}

http::reply api_shared::result_reply(std::int64_t number, std::string_view id, output as) const {
  auto result = store_.result(number);
  if (!result) return answer(no_task());
  const auto status = to_string(result->state);
  auto text = render(std::move(*result), as);
  if (auto* wrong = std::get_if<fault>(&text)) return answer(*wrong);
  auto& good = std::get<answer_text>(text);
  http::reply out(200, std::move(good.body), good.type);
  out.header("Braid-Task", id).header("Braid-Status", status).header("Cache-Control", "no-store");
  // A page of somebody else's: it shall run no script in this server's name.
  if (as == output::html)
    out.header("Content-Security-Policy", "sandbox; default-src 'none'; style-src 'unsafe-inline'");
  return out;
}

awaitable<http::reply> api_shared::results(call& from) {
  const auto row = store_.find(from.values["id"], from.owner);
  if (!row) co_return answer(no_task());
  if (row->state == scrape::task_state::waiting) {
    http::reply out(204);
    out.header("Retry-After", "1").header("Cache-Control", "no-store");
    co_return out;
  }
  auto read = read_request(nlohmann::json::parse(row->request, nullptr, false), engines_);
  auto as = output::json;
  if (const auto* request = std::get_if<task_request>(&read)) as = request->as;
  if (const auto wanted = from.request.parameter("output")) {
    const auto known = output_from(*wanted);
    if (!known) {
      co_return answer(fault(400, "bad_parameter", "output: expected json, ndjson, csv, markdown or html", "output"));
    }
    as = *known;
  }
  co_return result_reply(row->number, row->id, as);
}

awaitable<http::reply> api_shared::list(call& from) {
  const auto read = read_list_request(from.request.parameters());
  if (const auto* wrong = std::get_if<fault>(&read)) co_return answer(*wrong);
  const auto& wanted = std::get<list_request>(read);
  const auto limit = wanted.limit;
  const auto rows = store_.list(from.owner, wanted.state, wanted.before, limit + 1);
  std::string tasks;
  for (std::size_t i = 0; i < rows.size() && i < limit; ++i) {
    const bool waits = rows[i].state == scrape::task_state::waiting;
    tasks += (tasks.empty() ? "" : ",") + task_json(rows[i], waits && work_.is_running(rows[i].number));
  }
  std::string body = R"({"tasks":[)" + tasks + ']';
  if (rows.size() > limit) body += R"(,"next_cursor":")" + std::to_string(rows[limit - 1].number) + '"';
  auto out = http::reply::json(body + '}');
  out.header("Cache-Control", "no-store");
  co_return out;
}

awaitable<http::reply> api_shared::remove(call& from) {
  if (!work_.remove(from.values["id"], from.owner)) co_return answer(no_task());
  co_return http::reply(204);
}

}  // namespace braid::serve
