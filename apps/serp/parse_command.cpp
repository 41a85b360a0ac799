#include "parse_command.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>

#include <braid/core/error.hpp>
#include <braid/serp/parse.hpp>
#include <braid/serp/registry.hpp>

#include "csv.hpp"
#include "page_file.hpp"

namespace braid::app {
namespace {

using json = nlohmann::ordered_json;

void write(const std::string& text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size())
    throw io_error(std::string("cannot write to stdout: ") + std::strerror(errno));
}

/// Writes records in one of the formats; json is one array.
class record_writer {
 public:
  explicit record_writer(output_format format) : format_(format) {
    if (format_ == output_format::csv) app::write(csv_header());
  }
  void write(const std::string& file, const json& record) {
    const auto replace = json::error_handler_t::replace;
    if (format_ == output_format::csv)
      app::write(csv_rows(file, record));
    else if (format_ == output_format::jsonl)
      app::write(record.dump(-1, ' ', false, replace) + "\n");
    else
      app::write((first_ ? "[\n" : ",\n") + record.dump(2, ' ', false, replace));
    first_ = false;
  }
  void finish() {
    if (format_ == output_format::json) app::write(first_ ? "[]\n" : "\n]\n");
    if (std::fflush(stdout) != 0) throw io_error(std::string("cannot write to stdout: ") + std::strerror(errno));
  }

 private:
  output_format format_;
  bool first_ = true;
};

serp::record read_record(const serp::engine& engine, const std::string& file) {
  try {
    return serp::parse_page(engine, read_page(file));
  } catch (const error& e) {
    auto failed = serp::failed_record(engine, to_string(e.code()), e.what());
    std::fprintf(stderr, "braid-serp: %s: %s\n", file.c_str(), e.what());
    return failed;
  }
}

}  // namespace

int run_parse(const parse_options& options) {
  auto engines = serp::registry::standard();
  if (!options.engines_folder.empty()) engines.load_folder(options.engines_folder);
  const auto& engine = engines.find(options.engine);
  record_writer out(options.format);
  std::size_t done = 0;
  for (const auto& file : options.files) {
    auto record = read_record(engine, file);
    record.json["search_metadata"]["raw_html_file"] = file;
    out.write(file, record.json);
    if (serp::is_answer(record.kind)) ++done;
  }
  out.finish();
  if (done == options.files.size()) return 0;
  return done == 0 ? 3 : 1;
}

}  // namespace braid::app
