#include <braid/serp/parse.hpp>

#include <algorithm>

#include <braid/core/error.hpp>
#include <braid/core/utf8.hpp>

#include "classify.hpp"
#include "page_blocks.hpp"

namespace braid::serp {
namespace {

using json = nlohmann::ordered_json;

bool is_result_list(const std::string& name) { return name == "organic_results" || name == "ads"; }

/// position counts within a list, position_absolute among everything that the page offers, from the top.
void number_rows(std::vector<found_block>& blocks) {
  std::vector<std::uint32_t> all;
  for (const auto& block : blocks)
    if (is_result_list(block.rule->name))
      for (const auto& row : block.rows) all.push_back(row.index);
  std::sort(all.begin(), all.end());
  for (auto& block : blocks) {
    if (!is_result_list(block.rule->name)) continue;
    int position = 0;
    for (auto& row : block.rows) {
      json numbered = json::object();
      numbered["position"] = ++position;
      numbered["position_absolute"] = std::lower_bound(all.begin(), all.end(), row.index) - all.begin() + 1;
      for (auto& member : row.value.items()) numbered[member.key()] = std::move(member.value());
      row.value = std::move(numbered);
    }
  }
}

const char* message_of(page_kind kind) {
  switch (kind) {
    case page_kind::blocked:
      return "the engine refused the request";
    case page_kind::soft_blocked:
      return "the engine pretends that there are no results";
    case page_kind::js_required:
      return "the engine sent a shell that needs JavaScript";
    case page_kind::consent:
      return "the engine asks for consent first";
    default:
      return "this is no result page that the definition knows";
  }
}

json make_error(std::string_view code, std::string_view message, bool retryable, const std::string& evidence) {
  json error = json::object();
  error["code"] = code;
  error["message"] = repaired_utf8(std::string(message));
  error["retryable"] = retryable;
  if (!evidence.empty()) error["evidence"] = evidence;
  return error;
}

json make_metadata(const engine& of, page_kind kind, std::string_view status) {
  json metadata = json::object();
  metadata["status"] = is_answer(kind) ? "Success" : "Error";
  metadata["page_kind"] = to_string(kind);
  metadata["parser"] = {{"engine", of.name()}, {"version", of.version()}, {"status", status}};
  return metadata;
}

const char* state_of(page_kind kind, const json& information) {
  if (kind == page_kind::no_results) return "Fully empty";
  if (information.contains("showing_results_for")) return "Empty showing fixed spelling results";
  if (information.contains("spelling_fix")) return "Some results for exact spelling but showing fixed spelling";
  return "Results for exact spelling";
}

/// complete: every organic result has what people look for; partial: some lack it.
std::string_view completeness(page_kind kind, const std::vector<found_block>& blocks) {
  if (kind == page_kind::no_results) return "complete";
  if (kind != page_kind::results) return "failed";
  for (const auto& block : blocks)
    if (block.rule->name == "organic_results")
      for (const auto& row : block.rows)
        if (!row.value.contains("snippet")) return "partial";
  return "complete";
}

void add_blocks(std::vector<found_block>& blocks, json& into) {
  for (auto& block : blocks) {
    if (block.rows.empty() || block.rule->name == "search_information") continue;
    if (block.rule->object) {
      into[block.rule->name] = std::move(block.rows.front().value);
      continue;
    }
    auto& list = into[block.rule->name] = json::array();
    for (auto& row : block.rows) list.push_back(std::move(row.value));
  }
}

}  // namespace

classification glance(const engine& of, std::string_view html, const page_context& context) {
  page_view view;
  view.bytes = html;
  view.context = &context;
  auto seen = classify(of.rules(), view);
  if (is_answer(seen.kind)) seen.kind = page_kind::unknown;
  return seen;
}

record parse_page(const engine& of, std::string_view html, const page_context& context, const search_request& asked) {
  auto made = parse_page(of, html, context);
  json whole = json::object();
  for (auto& member : made.json.items()) {
    whole[member.key()] = std::move(member.value());
    if (member.key() == "search_metadata") whole["search_parameters"] = to_json(asked);
  }
  made.json = std::move(whole);
  return made;
}

record parse_page(const engine& of, std::string_view html, const page_context& context) {
  const auto& rules = of.rules();
  auto page = read_page(rules, html, context);
  auto& blocks = page.blocks;
  json information = json::object();
  page_view view;
  view.bytes = html;
  view.context = &context;
  for (auto& block : blocks) {
    if (block.rule->name == "organic_results") view.has_results = !block.rows.empty();
    if (block.rule->name == "search_information" && !block.rows.empty())
      information = std::move(block.rows.front().value);
  }
  if (page.document) {
    view.document = &*page.document;
    view.title = page.document->title();
  }
  if (page.answer) view.answer = &*page.answer;
  view.query = information.value("query_displayed", std::string());
  const auto seen = classify(rules, view);

  record made;
  made.kind = seen.kind;
  made.evidence = seen.evidence;
  made.json["search_metadata"] = make_metadata(of, seen.kind, completeness(seen.kind, blocks));
  if (is_answer(seen.kind)) {
    information["organic_results_state"] = state_of(seen.kind, information);
    made.json["search_information"] = std::move(information);
    // A page without results may still suggest other things; what stands where results would be is none.
    if (seen.kind == page_kind::no_results)
      std::erase_if(blocks, [](const found_block& b) { return b.rule->name == "organic_results"; });
    number_rows(blocks);
    add_blocks(blocks, made.json);
  } else {
    const bool retryable = seen.kind != page_kind::unknown;
    const auto code = seen.kind == page_kind::unknown ? std::string_view("parse_failed") : to_string(seen.kind);
    made.json["error"] = make_error(code, message_of(seen.kind), retryable, made.evidence);
  }
  return made;
}

record failed_record(const engine& of, std::string_view code, std::string_view message) {
  record made;
  made.json["search_metadata"] = make_metadata(of, page_kind::unknown, "failed");
  made.json["error"] = make_error(code, message, false, {});
  return made;
}

json to_json(const search_request& asked) {
  json all = json::object();
  const auto put = [&](const char* name, const std::string& value) {
    if (!value.empty()) all[name] = value;
  };
  put("engine", asked.engine);
  put("q", asked.q);
  put("gl", asked.gl);
  put("hl", asked.hl);
  put("google_domain", asked.google_domain);
  put("location", asked.location);
  put("device", asked.device);
  if (asked.num > 0) all["num"] = asked.num;
  if (asked.start > 0) all["start"] = asked.start;
  if (asked.page > 1) all["page"] = asked.page;
  put("safe", asked.safe);
  put("tbs", asked.tbs);
  return all;
}

}  // namespace braid::serp
