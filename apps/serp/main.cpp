// braid-serp: search result pages to JSON. Each command has a file; this one knows the command line and, since CLI11 is
// slow to compile, is the only one to know CLI11. fetch, serve and worker are libraries with command lines of their
// own.

#include <CLI/CLI.hpp>
#include <cstdio>
#include <map>
#include <string>
#include <string_view>

#include <braid/core/error.hpp>

#include "defined_engines.hpp"
#include "engine_trial.hpp"
#include "engines_command.hpp"
#include "fetch/fetch_command.hpp"
#include "fetch/flags.hpp"
#include "fetch/options.hpp"
#include "parse_command.hpp"
#include "serve/serve_command.hpp"
#include "worker/queue_command.hpp"
#include "worker/worker_command.hpp"

namespace {

using namespace braid::app;

constexpr int usage_error = 2;
constexpr int nothing_done = 3;

const std::map<std::string, output_format> formats = {
    {"csv", output_format::csv}, {"json", output_format::json}, {"jsonl", output_format::jsonl}};

void add_parse(CLI::App& program, parse_options& options, std::string& format, int& result) {
  auto* command = program.add_subcommand("parse", "Saved result pages to JSON");
  command->add_option("-e,--engine", options.engine, "Whose pages they are (braid-serp engines lists them)")
      ->required()
      ->type_name("E");
  command->add_option("-f,--format", format, "json (one array), jsonl (one line a page) or csv (one a result)")
      ->check(CLI::IsMember(formats).description("{csv,json,jsonl}"))
      ->type_name("F")
      ->capture_default_str();
  command->add_option("--engines", options.engines_folder, "A folder of definitions that take precedence")
      ->type_name("DIR");
  command->add_option("files", options.files, "HTML files, plain, gzip or zstd; - is stdin")->required();
  command->footer(
      "Examples:\n"
      "  braid-serp parse --engine google page.html.gz\n"
      "  braid-serp parse --engine bing --format jsonl pages/*.html | jq .organic_results[].link\n"
      "  curl -s URL | braid-serp parse --engine brave -");
  command->callback([&] {
    options.format = formats.at(format);
    result = run_parse(options);
  });
}

struct trial_options {
  std::string folder;
  bool json = false;
  bool baseline = false;
};

CLI::App* add_engines_test(CLI::App& engines, trial_options& options) {
  auto* test =
      engines.add_subcommand("test", "Parse a folder of saved pages: recall, and how often each field is filled");
  test->add_option("folder", options.folder,
                   "Pages and an index.jsonl: file, engine, kind, organic [{url}], exhaustive")
      ->required();
  auto* json = test->add_flag("--json", options.json, "One object by engine");
  test->add_flag("--baseline", options.baseline, "What the definitions' \"baseline\" would be")->excludes(json);
  return test;
}

int run_trial(const engines_options& engines, const trial_options& options) {
  const auto output = options.json       ? trial_output::json
                      : options.baseline ? trial_output::baseline
                                         : trial_output::table;
  return run_engines_test(engines, options.folder, output);
}

void add_engines(CLI::App& program, engines_options& options, trial_options& trial, std::string& argument,
                 int& result) {
  auto* command = program.add_subcommand("engines", "The engine definitions");
  command->add_option("--engines", options.folder, "A folder of definitions that take precedence")->type_name("DIR");
  command->require_subcommand(0, 1);
  command->add_subcommand("list", "Name, title, version and blocks of each (this is what engines alone does)");
  auto* show = command->add_subcommand("show", "Print a definition");
  show->add_option("engine", argument, "Its name")->required();
  auto* check = command->add_subcommand("check", "Say what is wrong with a definition, with line and column");
  check->add_option("file", argument, "A JSON file")->required();
  const auto* test = add_engines_test(*command, trial);
  command->footer(
      "Examples:\n"
      "  braid-serp engines\n"
      "  braid-serp engines show google > mine/google.json\n"
      "  braid-serp engines check mine/google.json\n"
      "  braid-serp engines --engines mine test saved-pages");
  command->callback([&options, &trial, &argument, &result, show, check, test] {
    if (show->parsed())
      result = run_engines_show(options, argument);
    else if (check->parsed())
      result = run_engines_check(argument);
    else if (test->parsed())
      result = run_trial(options, trial);
    else
      result = run_engines_list(options);
  });
}

/// As it was called, as far as it was understood: "braid-serp engines test".
std::string command_of(const CLI::App& program) {
  auto name = program.get_name();
  for (const auto* next = &program; !next->get_subcommands().empty();) {
    next = next->get_subcommands().front();
    name += ' ' + next->get_name();
  }
  return name;
}

int run(int argc, char** argv) {
  // What follows these is read by the command itself.
  const std::string_view command = argc > 1 ? argv[1] : "";
  if (command == "queue") return braid::worker::queue_command(argc - 1, argv + 1);
  if (command == "fetch" || command == "serve" || command == "worker") {
    auto definitions = braid::serp::registry::standard();
    if (command == "fetch") {
      const auto folder = braid::fetch::engines_folder_of(argc - 1, argv + 1);
      if (!folder.empty()) definitions.load_folder(folder);
    }
    const defined_engines engines(std::move(definitions));
    if (command == "serve") return braid::serve::serve_command(argc - 1, argv + 1, engines);
    if (command == "worker") return braid::worker::worker_command(argc - 1, argv + 1, engines);
    return braid::fetch::fetch_command(argc - 1, argv + 1, engines);
  }
  CLI::App program("Search result pages to JSON.", "braid-serp");
  program.set_version_flag("--version", "braid-serp " BRAID_VERSION);
  program.require_subcommand(1);
  program.footer(
      "Exit codes: 0 all done, 1 some pages failed, 2 usage, 3 nothing done.\n"
      "BRAID_ENGINES names a folder of engine definitions that take precedence over those compiled in.");
  int result = 0;
  parse_options parse;
  engines_options engines;
  std::string argument;
  std::string format = "json";
  add_parse(program, parse, format, result);
  trial_options trial;
  add_engines(program, engines, trial, argument, result);
  program.add_subcommand("fetch", "Queries to JSON; braid-serp fetch --help tells more");
  program.add_subcommand("serve", "The same as a server; braid-serp serve --help tells more");
  program.add_subcommand("worker", "Does what is queued in Redis; braid-serp worker --help tells more");
  program.add_subcommand("queue", "What is queued in Redis; braid-serp queue --help tells more");
  braid::fetch::refuse_values_of_flags(program);
  const auto is_named = [command](const CLI::App* one) { return one->get_name() == command; };
  if (!command.empty() && command[0] != '-' && program.get_subcommands(is_named).empty()) {
    std::fprintf(stderr, "braid-serp: there is no command '%s'\nTry braid-serp --help\n", argv[1]);
    return usage_error;
  }
  try {
    program.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    if (e.get_exit_code() == 0) return program.exit(e);
    const auto name = command_of(program);
    std::fprintf(stderr, "%s: %s\nTry %s --help\n", name.c_str(), braid::fetch::message_of(e).c_str(), name.c_str());
    return usage_error;
  }
  return result;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const braid::invalid_argument& e) {
    std::fprintf(stderr, "braid-serp: %s\n", e.what());
    return usage_error;
  } catch (const std::exception& e) {
    std::fprintf(stderr, "braid-serp: %s\n", e.what());
    return nothing_done;
  }
}
