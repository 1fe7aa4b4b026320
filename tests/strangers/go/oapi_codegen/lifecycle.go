// The lifecycle, with clients that oapi-codegen made: every answer is asserted.
package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"time"

	"github.com/google/uuid"
	"github.com/oapi-codegen/runtime/types"

	"strangers/procurement"
	"strangers/sourcing"
	"strangers/supplierperformance"
)

var (
	ctx     = context.Background()
	client  = given("CLIENT")
	answers = 0
	today   = types.Date{Time: time.Now().UTC().Truncate(24 * time.Hour)}
)

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

// must be is what was answered, once it was answered at all.
func must[T any](answer T, err error) T {
	expect(err == nil, "%v", err)
	return answer
}

// answered is the body of an answer and its ETag, once its status is what it should be.
func answered[T any](status int, body *T, response *http.Response, raw []byte) (T, string) {
	expect(response.StatusCode == status, "%s: %d %s", response.Request.URL, response.StatusCode, raw)
	expect(body != nil, "%s: no body for %d", response.Request.URL, status)
	answers++
	return *body, response.Header.Get("ETag")
}

// until is what comes of it in another service, which hears of it in its time.
func until[T any](what string, look func() (T, bool)) T {
	for range 200 {
		if found, there := look(); there {
			return found
		}
		time.Sleep(100 * time.Millisecond)
	}
	expect(false, "%s: never seen", what)
	panic(what)
}

func as(person string) func(context.Context, *http.Request) error {
	token := given("TOKEN_" + person)
	return func(_ context.Context, request *http.Request) error {
		request.Header.Set("Authorization", "Bearer "+token)
		return nil
	}
}

func main() {
	supplier := onboarded()
	order := ordered(supplier)
	received(order)
	score := scored(supplier)
	told(order)
	fmt.Printf("%d answers, score %s\n", answers, score)
}

func onboarded() uuid.UUID {
	api := must(sourcing.NewClientWithResponses(given("SOURCING_URL")))
	categories := []string{"fasteners"}
	registered := must(api.RegisterSupplierWithResponse(ctx, &sourcing.RegisterSupplierParams{}, sourcing.SupplierRegistration{
		LegalName: "Fasteners for " + client, Country: "NO", Categories: &categories,
	}, as("BUYER")))
	supplier, etag := answered(201, registered.JSON201, registered.HTTPResponse, registered.Body)
	submitted := must(api.SubmitSupplierWithResponse(ctx, supplier.Id, &sourcing.SubmitSupplierParams{IfMatch: etag}, as("BUYER")))
	_, next := answered(200, submitted.JSON200, submitted.HTTPResponse, submitted.Body)
	approval := sourcing.SupplierApproval{Categories: categories, ExpiresOn: types.Date{Time: today.AddDate(1, 0, 0)}}

	stale := must(api.ApproveSupplierWithResponse(ctx, supplier.Id, &sourcing.ApproveSupplierParams{IfMatch: etag}, approval, as("MANAGER")))
	problem, _ := answered(412, stale.ApplicationproblemJSON412, stale.HTTPResponse, stale.Body)
	expect(problem.Code == "changed_meanwhile", "a stale ETag: %s", problem.Code)
	own := must(api.ApproveSupplierWithResponse(ctx, supplier.Id, &sourcing.ApproveSupplierParams{IfMatch: next}, approval, as("BUYER_AND_MANAGER")))
	problem, _ = answered(403, own.ApplicationproblemJSON403, own.HTTPResponse, own.Body)
	expect(problem.Code == "segregation_of_duties", "approving one's own: %s", problem.Code)
	approved := must(api.ApproveSupplierWithResponse(ctx, supplier.Id, &sourcing.ApproveSupplierParams{IfMatch: next}, approval, as("MANAGER")))
	body, _ := answered(200, approved.JSON200, approved.HTTPResponse, approved.Body)
	expect(string(body.Status) == "approved", "it is %s", body.Status)
	return supplier.Id
}

func ordering() *procurement.ClientWithResponses {
	return must(procurement.NewClientWithResponses(given("PROCUREMENT_URL")))
}

func ordered(supplier uuid.UUID) uuid.UUID {
	api := ordering()
	placed := must(api.PutSiteWithResponse(ctx, client, &procurement.PutSiteParams{}, procurement.SiteIn{
		Name: "Yard of " + client, Country: "IS", TimeZone: "Atlantic/Reykjavik",
	}, as("ADMIN")))
	site, _ := answered(201, placed.JSON201, placed.HTTPResponse, placed.Body)
	expect(site.Code == client, "the site is %s", site.Code)
	until("procurement knows the supplier", func() (string, bool) {
		known := must(api.GetSupplierWithResponse(ctx, supplier, as("BUYER")))
		if known.JSON200 == nil {
			return "", false
		}
		found := must(known.JSON200.AsSupplier())
		return string(found.Status), found.Status == "approved"
	})

	lines := []procurement.OrderLineIn{}
	for _, item := range []string{"FST-7008", "FST-7012", "FST-7108"} {
		lines = append(lines, procurement.OrderLineIn{
			Item: item, Description: "Fastener " + item, Category: "fasteners", Quantity: "5000",
			Unit: "C62", Price: "0.189", PromisedOn: &today,
		})
	}
	key := "order of " + client
	once := &procurement.CreatePurchaseOrderParams{IdempotencyKey: &key}
	draft := procurement.OrderIn{
		SupplierId: supplier, Currency: "EUR", Site: client, BusinessUnit: "PUMPS", CostCentre: "4100",
		OrderedOn: &today, Lines: lines,
	}
	created := must(api.CreatePurchaseOrderWithResponse(ctx, once, draft, as("ORDERER")))
	order, etag := answered(201, created.JSON201, created.HTTPResponse, created.Body)
	expect(order.Total.Amount == "2835.00", "it costs %s", order.Total.Amount)
	repeated := must(api.CreatePurchaseOrderWithResponse(ctx, once, draft, as("ORDERER")))
	again, _ := answered(201, repeated.JSON201, repeated.HTTPResponse, repeated.Body)
	expect(again.Id == order.Id, "a retry made another order: %s", again.Id)

	submitted := must(api.SubmitPurchaseOrderWithResponse(ctx, order.Id, &procurement.SubmitPurchaseOrderParams{IfMatch: etag}, as("ORDERER")))
	_, etag = answered(200, submitted.JSON200, submitted.HTTPResponse, submitted.Body)
	approved := must(api.ApprovePurchaseOrderWithResponse(ctx, order.Id, &procurement.ApprovePurchaseOrderParams{IfMatch: etag}, as("APPROVER")))
	_, etag = answered(200, approved.JSON200, approved.HTTPResponse, approved.Body)
	issued := must(api.IssuePurchaseOrderWithResponse(ctx, order.Id, &procurement.IssuePurchaseOrderParams{IfMatch: etag}, as("ORDERER")))
	_, etag = answered(200, issued.JSON200, issued.HTTPResponse, issued.Body)
	reference := "SO of " + client
	confirmed := must(api.AcknowledgePurchaseOrderWithResponse(ctx, order.Id, &procurement.AcknowledgePurchaseOrderParams{IfMatch: etag},
		procurement.Acknowledgement{SupplierReference: &reference}, as("ORDERER")))
	shown, _ := answered(200, confirmed.JSON200, confirmed.HTTPResponse, confirmed.Body)
	header := must(shown.AsOrderHeader())
	expect(header.SupplierReference != nil && *header.SupplierReference == reference, "it is not acknowledged")
	return order.Id
}

func received(order uuid.UUID) {
	api := ordering()
	despatch := "LS of " + client
	lines := []procurement.ReceiptLine{}
	for number := 1; number <= 3; number++ {
		lines = append(lines, procurement.ReceiptLine{LineNumber: number, Quantity: "5000"})
	}
	arrived := must(api.ReceiveGoodsWithResponse(ctx, order, &procurement.ReceiveGoodsParams{}, procurement.ReceiptIn{
		ReceivedOn: &today, DespatchReference: &despatch, Lines: lines,
	}, as("RECEIVER")))
	receipt, _ := answered(201, arrived.JSON201, arrived.HTTPResponse, arrived.Body)
	expect(string(receipt.OrderStatus) == "closed", "the order is %s", receipt.OrderStatus)

	read := must(api.GetPurchaseOrderWithResponse(ctx, order, &procurement.GetPurchaseOrderParams{}, as("BUYER")))
	body, _ := answered(200, read.JSON200, read.HTTPResponse, read.Body)
	shown := must(body.AsOrder())
	expect(string(shown.Status) == "closed" && len(shown.Lines) == 3, "the order is %s", shown.Status)
}

func told(order uuid.UUID) {
	api := ordering()
	limit := 1000
	listed := must(api.ListEventsWithResponse(ctx, &procurement.ListEventsParams{Limit: &limit}, as("AUDITOR")))
	page, _ := answered(200, listed.JSON200, listed.HTTPResponse, listed.Body)
	count := 0
	for _, logged := range must(page.AsEventPage()).Items {
		if logged.Event.Subject == order.String() {
			count++
			expect(logged.Event.Streamsequence == fmt.Sprint(count), "after %d comes %s", count-1, logged.Event.Streamsequence)
		}
	}
	expect(count > 2, "%d events", count)
}

func scored(supplier uuid.UUID) string {
	api := must(supplierperformance.NewClientWithResponses(given("PERFORMANCE_URL")))
	score := until("the score", func() (supplierperformance.SupplierScore, bool) {
		looked := must(api.GetSupplierScoreWithResponse(ctx, supplier, as("BUYER")))
		if looked.JSON200 == nil {
			return supplierperformance.SupplierScore{}, false
		}
		found := must(looked.JSON200.AsSupplierScore())
		return found, found.Score != nil
	})
	answers++
	expect(score.Grade != nil && string(*score.Grade) == "A", "the grade is %v", score.Grade)
	return *score.Score
}
