#pragma once

#include <braid/scrape/task_store.hpp>
#include <string>
#include <variant>

#include "fault.hpp"
#include "task_request.hpp"

namespace braid::serve {

struct answer_text {
  answer_text() = default;
  answer_text(std::string media_type, std::string text) : type(std::move(media_type)), body(std::move(text)) {}

  std::string type;
  std::string body;
};

/// A record as its client wants it. HTML is there only where the task asked for it.
std::variant<answer_text, fault> render(scrape::task_result result, output as);

/// The organic results of a record, and what else fits, to be read by people and language models.
std::string markdown_of(const nlohmann::ordered_json& record);

}  // namespace braid::serve
