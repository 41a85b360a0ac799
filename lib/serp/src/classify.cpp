#include "classify.hpp"

#include <algorithm>
#include <optional>

#include <braid/core/utf8.hpp>

#include "walls.hpp"

namespace braid::serp {
namespace {

bool same_name(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](char x, char y) { return lower(x) == lower(y); });
}

/// Checks rules against one page; the visible text is made when the first rule asks for it.
class checker {
 public:
  explicit checker(const page_view& page) : page_(page) {}

  /// What shows that the rule fits; nothing if it does not.
  std::optional<std::string> fits(const classify_rule& rule) {
    shown_.clear();
    if (!page_.parsed() && rule.needs_parsing()) return std::nullopt;
    if (rule.results && *rule.results != page_.has_results) return std::nullopt;
    if (!status(rule) || !headers(rule) || !address(rule) || !words(rule) || !selectors(rule)) return std::nullopt;
    return shown_.empty() ? (page_.has_results ? "results" : "no results") : shown_;
  }

 private:
  bool show(std::string what) {
    shown_ += (shown_.empty() ? "" : ", ") + std::move(what);
    return true;
  }

  bool status(const classify_rule& rule) {
    if (rule.status.empty()) return true;
    const auto got = page_.context->status;
    if (std::find(rule.status.begin(), rule.status.end(), got) == rule.status.end()) return false;
    return show("status " + std::to_string(got));
  }

  bool headers(const classify_rule& rule) {
    for (const auto& [name, value] : rule.headers) {
      const auto found = std::find_if(page_.context->headers.begin(), page_.context->headers.end(),
                                      [&](const auto& h) { return same_name(h.first, name); });
      if (found == page_.context->headers.end() || !value.found_in(found->second)) return false;
      show("header " + name + ": " + found->second);
    }
    return true;
  }

  bool address(const classify_rule& rule) {
    if (rule.url) {
      const auto part = rule.url.found_in(page_.context->final_url);
      if (!part) return false;
      show("url " + page_.context->final_url);
    }
    if (rule.title) {
      if (!rule.title.found_in(page_.title)) return false;
      show("title \"" + page_.title + "\"");
    }
    return !rule.query || rule.query.found_in(page_.query);
  }

  bool words(const classify_rule& rule) {
    if (!rule.source.empty()) {
      const auto found = first_in(page_.bytes, rule.source);
      if (!found) return false;
      show("source \"" + *found + "\"");
    }
    if (!rule.text.empty()) {
      if (!text_) text_ = page_.document->root().text();
      const auto found = first_in(*text_, rule.text);
      if (!found) return false;
      show("text \"" + *found + "\"");
    }
    return true;
  }

  bool selectors(const classify_rule& rule) {
    if (rule.has) {
      const auto found = rule.has.find(*page_.answer);
      if (std::all_of(found.begin(), found.end(), [](const auto* value) { return value->empty(); })) return false;
      show("value at " + rule.has.text());
    }
    if (rule.select) {
      if (!page_.document->select_first(rule.select)) return false;
      show("selector " + rule.select.text());
    }
    return !rule.without || !page_.document->select_first(rule.without);
  }

  static std::optional<std::string> first_in(std::string_view where, const std::vector<std::string>& words) {
    for (const auto& word : words)
      if (where.find(word) != std::string_view::npos) return word;
    return std::nullopt;
  }

  const page_view& page_;
  std::optional<std::string> text_;
  std::string shown_;
};

}  // namespace

classification classify(const definition& by, const page_view& page) {
  classification made;
  checker check(page);
  for (const auto& rule : by.classify) {
    const auto evidence = check.fits(rule);
    if (!evidence) continue;
    made.kind = rule.kind;
    made.evidence = repaired_utf8(*evidence);  // headers may hold any bytes
    return made;
  }
  if (page.has_results) {
    made.kind = page_kind::results;
  } else if (page.parsed()) {
    if (auto wall = wall_in(page)) made = std::move(*wall);
  }
  return made;
}

}  // namespace braid::serp
