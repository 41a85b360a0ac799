#include "job.hpp"

#include <braid/http/headers.hpp>

#include "address.hpp"
#include "get_error.hpp"
#include "glob.hpp"
#include "output.hpp"
#include "warning.hpp"

namespace braid::get {

namespace {

glob_pattern pattern_of(const url_options& options, const std::string& text) {
  return options.glob ? glob_pattern::parse(text) : glob_pattern::plain(text);
}

/// -o, -O and their like of the n-th URL.
url_options::target target_of(const url_options& options, std::size_t index) {
  if (index < options.targets.size()) return options.targets[index];
  url_options::target out;
  out.remote_name = options.remote_name_all;
  return out;
}

/// -X that says what is so, or that breaks the reading of the response.
void look_at_method(const global_options& global, const url_options& options) {
  const bool posts = options.data || !options.form.empty();
  const std::string usual = options.head_only                 ? "HEAD"
                            : !options.uploads.empty()        ? "PUT"
                            : posts && !options.data_in_query ? "POST"
                                                              : "GET";
  if (http::equal_ignoring_case(options.method, usual)) {
    note(global, "Unnecessary use of -X or --request, " + usual + " is already inferred.");
  } else if (http::equal_ignoring_case(options.method, "head")) {
    warn(global,
         "Setting custom HTTP method to HEAD with -X/--request may not work the way you want. Consider using -I/--head "
         "instead.");
  }
}

/// Options that exclude each other.
void check(const global_options& global, const url_options& options) {
  const bool resumes = options.resume_by_file || options.resume_from;
  if (options.head_only && options.data && !options.data_in_query) {
    warn(global,
         "You can only select one HTTP request method! You asked for both HEAD (-I, --head) and POST (-d, --data).");
    throw get_error(usage, {});
  }
  if (options.data && !options.data_in_query && !options.uploads.empty()) {
    warn(global,
         "You can only select one HTTP request method! You asked for both PUT (-T, --upload-file) and POST (-d, "
         "--data).");
    throw get_error(usage, {});
  }
  if (resumes && options.data && !options.data_in_query) throw get_error(usage, "cannot mix --continue-at and --data");
}

}  // namespace

job_source::job_source(const command_line& line) : line_(line) {
  bool any = false;
  if (line.groups.size() > 1 && line.groups.back().urls.empty()) throw get_error(usage, "no URL specified");
  for (const url_options& options : line.groups) {
    check(line.global, options);
    look_at_method(line.global, options);
    if (options.targets.size() > options.urls.size()) warn(line.global, "Got more output options than URLs");
    any = any || !options.urls.empty();
  }
  if (!any) throw get_error(usage, "no URL specified");
}

void job_source::stop() {
  const std::lock_guard lock(mutex_);
  group_ = line_.groups.size();
}

std::optional<job> job_source::next() {
  const std::lock_guard lock(mutex_);
  return make();
}

/// To the next URL of the command line that there is.
bool job_source::move_on() {
  if (begun_) ++url_;
  begun_ = true;
  while (group_ < line_.groups.size() && url_ >= line_.groups[group_].urls.size()) {
    // As with curl, nothing follows a group that has more outputs than URLs.
    const bool last = line_.groups[group_].targets.size() > line_.groups[group_].urls.size();
    group_ = last ? line_.groups.size() : group_ + 1;
    url_ = 0;
  }
  if (group_ >= line_.groups.size()) return false;
  const url_options& options = line_.groups[group_];
  at_ = 0;
  try {
    uploads_ = pattern_of(options, url_ < options.uploads.size() ? options.uploads[url_] : std::string());
    urls_ = pattern_of(options, options.urls[url_]);
  } catch (const get_error&) {
    group_ = line_.groups.size();
    throw;
  }
  return true;
}

std::optional<job> job_source::make() {
  if (group_ >= line_.groups.size()) return std::nullopt;
  // The first pattern's texts, each with all of the second's.
  if (!begun_ || at_ / urls_.size() >= uploads_.size()) {
    if (!move_on()) return std::nullopt;
  }
  const url_options& options = line_.groups[group_];
  const url_options::target where = target_of(options, url_);
  const glob_match upload = uploads_.at(at_ / urls_.size()), match = urls_.at(at_ % urls_.size());
  ++at_;
  job out;
  out.options = &options;
  out.url = match.text;
  out.upload = upload.text;
  out.number = number_++;
  out.named_by_url = where.remote_name;
  if (!where.discard && !where.remote_name) {
    const glob_match& source = upload.pieces.empty() ? match : upload;
    out.out = where.file.empty() ? "-" : in_folder(options.output_dir, fill_in(where.file, source));
  }
  return out;
}

}  // namespace braid::get
