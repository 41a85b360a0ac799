#include "api.hpp"

#include <braid/core/error.hpp>

namespace braid::serve {
namespace {

fault fault_of(const std::exception_ptr& failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const limit_error&) {
    return fault(413, "too_large", "the body is too large");
  } catch (const protocol_error&) {
    return fault(400, "bad_request", "the body is broken");
  } catch (const timeout_error&) {
    return fault(408, "timeout", "the body did not come in time");
  } catch (const io_error&) {
    return fault(503, "store_failed", "the task store cannot be written or read; the server's log says why");
  } catch (...) {
    return fault(500, "internal", "the server failed; its log says why");
  }
}

}  // namespace

api_shared::api_shared(const std::vector<std::string>& engines, scrape::task_store_shared& store, work_shared& work,
                       event_hub_shared& events, access_shared& access, const api_options& options, log_function log)
    : engines_(engines),
      store_(store),
      work_(work),
      events_(events),
      access_(access),
      options_(options),
      log_(std::move(log)) {}

void api_shared::add(http::router& to, std::string_view verb, std::string pattern, method how, bool open_to_all) {
  auto handler = [this, pattern, how, open_to_all](http::server_request& request,
                                                   const http::path_values& values) -> awaitable<http::reply> {
    const auto begin = clock::now();
    call from(request, values);
    http::reply out;
    std::exception_ptr failure;
    auto who = access_.admit(request);
    if (auto* refused = std::get_if<fault>(&who); refused && !open_to_all) {
      out = answer(*refused);
    } else {
      if (auto* owner = std::get_if<std::string>(&who)) from.owner = std::move(*owner);
      try {
        out = co_await (this->*how)(from);
      } catch (...) {
        failure = std::current_exception();
      }
      if (is_cancelled(failure)) std::rethrow_exception(failure);
      if (failure) {
        const auto what = fault_of(failure);
        if (what.status >= 500) log_(describe(failure));
        out = answer(what);
      }
    }
    out.header("X-Content-Type-Options", "nosniff");
    counts_.add(pattern, out.status(), clock::now() - begin);
    co_return out;
  };
  to.add(verb, pattern, std::move(handler));
}

http::router api_shared::routes() {
  http::router to;
  add(to, "POST", "/v1/scrape", &api_shared::scrape);
  add(to, "POST", "/v1/task", &api_shared::create);
  add(to, "POST", "/v1/task/batch", &api_shared::create_batch);
  add(to, "GET", "/v1/task/{id}", &api_shared::show);
  add(to, "DELETE", "/v1/task/{id}", &api_shared::remove);
  add(to, "GET", "/v1/task/{id}/results", &api_shared::results);
  add(to, "GET", "/v1/task/{id}/events", &api_shared::task_events);
  add(to, "GET", "/v1/tasks", &api_shared::list);
  add(to, "GET", "/v1/events", &api_shared::events);
  add(to, "GET", "/v1/engines", &api_shared::list_engines);
  add(to, "GET", "/v1/state", &api_shared::state);
  add(to, "GET", "/", &api_shared::page, true);
  add(to, "GET", "/page/{file}", &api_shared::page, true);
  add(to, "GET", "/metrics", &api_shared::metrics);
  add(to, "GET", "/healthz", &api_shared::health, true);
  add(to, "GET", "/openapi.json", &api_shared::openapi, true);
  to.otherwise([](http::server_request& request, int status) {
    const auto path = std::string(request.path());
    if (status == 405) return answer(fault(405, "method_not_allowed", "Allow says what " + path + " takes"));
    return answer(fault(404, "not_found", "there is nothing at " + path + "; /openapi.json says what there is"));
  });
  return to;
}

}  // namespace braid::serve
