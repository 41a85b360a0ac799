#include "drift_notes.hpp"

#include <braid/core/error.hpp>
#include <braid/scrape/output_file.hpp>
#include <braid/scrape/table_sink.hpp>
#include <filesystem>
#include <utility>

namespace braid::fetch {

drift_notes_shared::drift_notes_shared(const fetch_options& options) {
  if (!options.replay.empty()) return;  // the pages are kept already
  if (!options.save_html.empty()) {
    beside_ = (std::filesystem::path(options.save_html) / "drift-").string();
  } else if (options.out != "-" && !scrape::is_postgres(options.out)) {
    beside_ = options.out + ".drift-";
  }
}

void drift_notes_shared::note(const job& what, const record& made) {
  std::string text;
  for (const auto& one : made.fallen) {
    text += "warning: " + what.engine + " has changed, or its definition no longer fits: " + one + '\n';
  }
  if (made.metadata.contains("raw_html_file")) {
    text += "  the page: " + made.metadata["raw_html_file"].get<std::string>() + '\n';
  } else if (beside_.empty()) {
    text += "  (--save-html DIR keeps the page)\n";
  } else {
    const auto path = beside_ + what.engine + '-' + what.id + ".html";
    try {
      scrape::output_file file(path, scrape::output_file::mode::replace);
      file.write(made.fallen_page);
      text += "  the page: " + path + '\n';
    } catch (const io_error& e) {
      text += std::string("  the page is not kept: ") + e.what() + '\n';
    }
  }
  const std::lock_guard lock(mutex_);
  notes_ += text;
}

std::string drift_notes_shared::take_notes() {
  const std::lock_guard lock(mutex_);
  return std::exchange(notes_, {});
}

std::string drift_summary(const std::vector<std::string>& fallen) {
  std::string text;
  for (const auto& one : fallen) text += "under its baseline: " + one + '\n';
  return text;
}

}  // namespace braid::fetch
