#pragma once

#include <braid/core/percent.hpp>
#include <string>
#include <vector>

#include "serp/fetch/engine_pages.hpp"

/// Engines whose pages are read with no more than a search for "<h3": enough to see what fetching does with them.
class plain_engines : public braid::fetch::engine_pages {
 public:
  std::vector<std::string> engines() const override { return {"google", "brave"}; }

  std::string url(const braid::fetch::job& what) const override {
    return "https://" + what.engine + ".example/search?q=" + braid::percent_encode(what.query) +
           (what.page > 1 ? "&start=" + std::to_string((what.page - 1) * 10) : "");
  }

  void prepare(const braid::fetch::job&, braid::http::request& request) const override {
    request.header("Accept-Language", "en");
  }

  std::string page_kind(const braid::fetch::job&, const braid::http::response& response) const override {
    if (response.body().find("captcha") != std::string::npos) return "blocked";
    return response.body().find("<h3") != std::string::npos ? "results" : "unknown";
  }

  braid::fetch::page_reading read(const braid::fetch::job& what, const braid::http::response& response) const override {
    braid::fetch::page_reading reading;
    reading.page_kind = page_kind(what, response);
    reading.parser["engine"] = what.engine;
    const auto& text = response.body();
    for (auto at = text.find("<h3"); at != std::string::npos; at = text.find("<h3", at + 1)) {
      nlohmann::ordered_json item;
      item["position"] = reading.members["organic_results"].size() + 1;
      item["title"] = text.substr(at, 20);
      reading.members["organic_results"].push_back(std::move(item));
    }
    return reading;
  }
};
