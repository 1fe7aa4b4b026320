// Every message on Kafka is an event that the CloudEvents SDK takes as valid and its schema under a strict
// validator; the streams have no gaps; and the feeds over HTTP tell exactly the same.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/cloudevents/sdk-go/v2/event"
	"github.com/cloudevents/sdk-go/v2/types"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/twmb/franz-go/pkg/kgo"
)

type logged struct {
	Topic string         `json:"topic"`
	Event map[string]any `json:"event"`
}

type page struct {
	Items     []logged `json:"items"`
	NextAfter int64    `json:"next_after"`
}

type last struct {
	sequence int
	id       string
}

var schemas = map[string]*jsonschema.Schema{}

func given(name string) string {
	value, found := os.LookupEnv(name)
	expect(found, "%s is not set", name)
	return value
}

func expect(holds bool, otherwise string, about ...any) {
	if !holds {
		fmt.Fprintf(os.Stderr, otherwise+"\n", about...)
		os.Exit(1)
	}
}

func must[T any](value T, err error) T {
	expect(err == nil, "%v", err)
	return value
}

func read(url string) *json.Decoder {
	request := must(http.NewRequest(http.MethodGet, url, nil))
	request.Header.Set("Authorization", "Bearer "+given("TOKEN_AUDITOR"))
	response := must(http.DefaultClient.Do(request))
	expect(response.StatusCode == http.StatusOK, "%s: %s", url, response.Status)
	return json.NewDecoder(response.Body)
}

// feeds are all that the services tell over HTTP, by id.
func feeds() map[string]logged {
	told := map[string]logged{}
	for _, name := range []string{"SOURCING_URL", "PROCUREMENT_URL", "PERFORMANCE_URL"} {
		for after := int64(0); ; {
			var found page
			url := fmt.Sprintf("%s/v1/events?limit=1000&after=%d", given(name), after)
			expect(read(url).Decode(&found) == nil, "%s is no page", url)
			if len(found.Items) == 0 {
				break
			}
			for _, one := range found.Items {
				told[one.Event["id"].(string)] = one
			}
			after = found.NextAfter
		}
	}
	return told
}

// schema is what a message names, from where it says that it is.
func schema(url string) *jsonschema.Schema {
	if schemas[url] == nil {
		var document any
		expect(read(url).Decode(&document) == nil, "%s is no schema", url)
		expect(document.(map[string]any)["$id"] == url, "%s has another $id", url)
		compiler := jsonschema.NewCompiler()
		compiler.AssertFormat()
		expect(compiler.AddResource(url, document) == nil, "%s is no resource", url)
		schemas[url] = must(compiler.Compile(url))
	}
	return schemas[url]
}

// taken is a message as the SDK has it: every attribute set as it says, and valid.
func taken(record *kgo.Record) (event.Event, map[string]any) {
	made := event.New(event.CloudEventsVersionV1)
	attributes := map[string]any{}
	for _, header := range record.Headers {
		text := string(header.Value)
		name, ours := strings.CutPrefix(header.Key, "ce_")
		switch {
		case header.Key == "content-type":
			name = "datacontenttype"
			made.SetDataContentType(text)
		case !ours:
			continue
		case name == "specversion":
			expect(text == made.SpecVersion(), "version %s", text)
		case name == "id":
			made.SetID(text)
		case name == "type":
			made.SetType(text)
		case name == "source":
			made.SetSource(text)
		case name == "subject":
			made.SetSubject(text)
		case name == "dataschema":
			made.SetDataSchema(text)
		case name == "time":
			made.SetTime(must(types.ParseTime(text)))
		default:
			made.SetExtension(name, text)
		}
		attributes[name] = text
	}
	made.DataEncoded = record.Value
	expect(made.Validate() == nil, "%s: %v", record.Key, made.Validate())
	expect(len(made.FieldErrors) == 0, "%s: %v", made.ID(), made.FieldErrors)
	return made, attributes
}

func main() {
	told := feeds()
	topics := map[string]bool{}
	for _, one := range told {
		topics[given("KAFKA_PREFIX")+one.Topic] = true
	}
	names := []string{}
	for topic := range topics {
		names = append(names, topic)
	}
	client := must(kgo.NewClient(
		kgo.SeedBrokers(given("KAFKA")), kgo.ConsumeTopics(names...),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()),
	))
	defer client.Close()
	streams := map[string]last{}
	seen := map[string]bool{}
	missing := len(told)
	for missing > 0 {
		ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
		fetches := client.PollFetches(ctx)
		cancel()
		expect(len(fetches.Errors()) == 0, "%d of %d never came: %v", missing, len(told), fetches.Errors())
		fetches.EachRecord(func(record *kgo.Record) {
			made, attributes := taken(record)
			var data any
			expect(json.Unmarshal(record.Value, &data) == nil, "%s is no JSON", made.ID())
			err := schema(made.DataSchema()).Validate(data)
			expect(err == nil, "%s %s: %v", made.Type(), made.ID(), err)

			stream := record.Topic + "/" + string(record.Key)
			before := streams[stream]
			sequence := must(strconv.Atoi(attributes["streamsequence"].(string)))
			previous, _ := attributes["streamprevious"].(string)
			expect(made.Subject() == string(record.Key), "%s is not the key of %s", made.Subject(), made.ID())
			expect(sequence == before.sequence+1, "a gap in %s: %d after %d", stream, sequence, before.sequence)
			expect(previous == before.id, "the chain of %s: %s after %s", stream, previous, before.id)
			streams[stream] = last{sequence, made.ID()}

			if overHTTP, there := told[made.ID()]; there && !seen[made.ID()] {
				attributes["data"] = data
				for name, value := range overHTTP.Event {
					if value == nil {
						delete(overHTTP.Event, name)
					}
				}
				expect(given("KAFKA_PREFIX")+overHTTP.Topic == record.Topic && reflect.DeepEqual(overHTTP.Event, attributes),
					"%s is\n%v over HTTP and\n%v on Kafka", made.ID(), overHTTP.Event, attributes)
				missing--
			}
			seen[made.ID()] = true
		})
	}
	expect(len(told) > 0, "nothing was told")
	fmt.Printf("%d messages, %d streams, %d topics, %d schemas\n", len(seen), len(streams), len(topics), len(schemas))
}
