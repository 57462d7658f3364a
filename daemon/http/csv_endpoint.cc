#include "daemon/http/csv_endpoint.h"

#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <utility>

#include "daemon/http/connect_endpoint.h"
#include "daemon/http/connect_wait.h"
#include "daemon/http/json_reader.h"
#include "daemon/http/url_query.h"

namespace stockd::http {
namespace {

namespace asio = boost::asio;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr int kRowsOfAPage = 1000;

const FieldDescriptor* TextField(const Message& message, const std::string& name) {
  const FieldDescriptor* field = message.GetDescriptor()->FindFieldByName(name);
  return field != nullptr && field->type() == FieldDescriptor::TYPE_STRING && !field->is_repeated()
             ? field
             : nullptr;
}

std::string NextPage(const Message& answer) {
  const FieldDescriptor* field = TextField(answer, "next_page_token");
  return field == nullptr ? std::string() : answer.GetReflection()->GetString(answer, field);
}

// As many rows a call as there may be, unless the query said how many.
void AskForLargePages(Message& request) {
  const FieldDescriptor* size = request.GetDescriptor()->FindFieldByName("page_size");
  if (size == nullptr || size->cpp_type() != FieldDescriptor::CPPTYPE_INT32) return;
  if (request.GetReflection()->GetInt32(request, size) != 0) return;
  request.GetReflection()->SetInt32(&request, size, kRowsOfAPage);
}

bool GoOn(const std::string& page, Message& request) {
  const FieldDescriptor* token = TextField(request, "page_token");
  if (page.empty() || token == nullptr) return false;
  request.GetReflection()->SetString(&request, token, page);
  return true;
}

Response Head(const CsvForm& form, std::string headers) {
  AddHeader("content-disposition", "attachment; filename=\"" + form.name + ".csv\"", headers);
  return {.content_type = "text/csv; charset=utf-8; header=present", .headers = std::move(headers)};
}

std::string FirstRow(const CsvForm& form, const Message& request) {
  std::string text;
  CsvWriter row(text);
  for (const std::string& column : form.columns(request)) row.Text(column);
  row.EndRow();
  return text;
}

}  // namespace

CallStatus CsvEndpoint::FillRequest(const Request& request, Message& message) {
  const auto pairs = ParseUrlQuery(request.query);
  if (!pairs) {
    return Refuse(Code::kInvalidArgument, "PROTOCOL_MALFORMED",
                  "The query of the URL has a broken escape.");
  }
  for (const auto& [name, value] : *pairs) {
    if (const auto problem = ReadField(name, value, message)) {
      return RefuseField(problem->field, problem->what);
    }
  }
  return {};
}

asio::awaitable<void> CsvEndpoint::Serve(Exchange& exchange, std::string headers) {
  const std::string_view name = exchange.request().path.substr(kFolder.size());
  const auto form = std::ranges::find(forms_, name, &CsvForm::name);
  if (form == forms_.end()) {
    Response response = ErrorResponse(
        Refuse(Code::kNotFound, "METHOD_UNKNOWN", "There is no such table."), std::move(headers));
    co_await exchange.Answer(std::move(response));
    co_return;
  }
  const Method& method = *methods_.Find(form->method);
  const std::unique_ptr<Message> request(method.request->New());
  CallStatus status = FillRequest(exchange.request(), *request);
  if (status.ok() && method.server_streams) {
    co_await ServeStream(exchange, *form, method, *request, std::move(headers));
    co_return;
  }
  AskForLargePages(*request);
  bool is_begun = false;
  bool is_heard = true;
  for (bool more = status.ok(); more && is_heard;) {
    const auto call = calls_.NewUnary(method, std::nullopt);
    call->request().CopyFrom(*request);
    status = co_await Finish(exchange.executor(), *call, std::nullopt);
    if (!status.ok()) break;
    std::string text;
    if (!is_begun) {
      is_begun = true;
      is_heard = co_await exchange.Begin(Head(*form, headers), [] {});
      text = FirstRow(*form, *request);
    }
    CsvWriter rows(text);
    form->write(call->response(), rows);
    more = GoOn(NextPage(call->response()), *request);
    is_heard = is_heard && co_await exchange.Send(text);
  }
  if (!is_begun) {
    co_await exchange.Answer(ErrorResponse(status, std::move(headers)));
  } else if (status.ok() && is_heard) {
    co_await exchange.End();
  }
  // Otherwise the connection ends without the mark of the end: a file that broke off must not look
  // whole.
}

asio::awaitable<void> CsvEndpoint::ServeStream(Exchange& exchange, const CsvForm& form,
                                               const Method& method, const Message& request,
                                               std::string headers) {
  const std::shared_ptr<StreamCall> call = calls_.NewStream(method, std::nullopt);
  call->request().CopyFrom(request);
  bool is_begun = false;
  bool is_heard = true;
  // To the end in any case: a call that was cancelled ends soon.
  while (co_await HasNext(exchange.executor(), *call)) {
    if (!is_heard) continue;
    std::string text;
    if (!is_begun) {
      is_begun = true;
      is_heard = co_await exchange.Begin(Head(form, headers), [call] { call->Cancel(); });
      text = FirstRow(form, request);
    }
    CsvWriter rows(text);
    form.write(call->response(), rows);
    is_heard = is_heard && co_await exchange.Send(text);
    if (!is_heard) call->Cancel();
  }
  if (!is_begun) {
    CallStatus status = call->status();
    if (status.ok()) status = Refuse(Code::kInternal, "INTERNAL", "There was no answer.");
    co_await exchange.Answer(ErrorResponse(status, std::move(headers)));
  } else if (call->status().ok() && is_heard) {
    co_await exchange.End();
  }
}

}  // namespace stockd::http
