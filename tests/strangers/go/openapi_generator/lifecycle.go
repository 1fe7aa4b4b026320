// The lifecycle, with clients that openapi-generator made for Go: every answer is asserted.
package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"time"

	procurement "purveyor.example/clients/procurement"
	sourcing "purveyor.example/clients/sourcing"
	performance "purveyor.example/clients/supplierperformance"
)

var (
	client   = given("CLIENT")
	answers  = 0
	today    = time.Now().UTC().Format(time.DateOnly)
	nextYear = time.Now().UTC().AddDate(1, 0, 0).Format(time.DateOnly)
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

// answered is what was answered and its ETag, once its status is what it should be.
func answered[T any](status int) func(*T, *http.Response, error) (T, string) {
	return func(body *T, response *http.Response, err error) (T, string) {
		expect(err == nil, "%v %v", err, response)
		expect(response.StatusCode == status, "%s: %s", response.Request.URL, response.Status)
		answers++
		return *body, response.Header.Get("ETag")
	}
}

// refused is the code of a refusal, once its status is what it should be.
func refused(status int, response *http.Response, err error) string {
	expect(err != nil && response.StatusCode == status, "%s: %s", response.Request.URL, response.Status)
	answers++
	var said *sourcing.GenericOpenAPIError
	expect(errors.As(err, &said), "%T is no error of the client", err)
	problem, typed := said.Model().(sourcing.Problem)
	expect(typed, "%T is no problem: %v", said.Model(), said)
	return problem.Code
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

func main() {
	supplier := onboarded()
	order := ordered(supplier)
	received(order)
	score := scored(supplier)
	told(order)
	fmt.Printf("%d answers, score %s\n", answers, score)
}

func onboarded() string {
	configuration := sourcing.NewConfiguration()
	configuration.Servers = sourcing.ServerConfigurations{{URL: given("SOURCING_URL")}}
	api := sourcing.NewAPIClient(configuration).SuppliersAPI
	as := func(person string) context.Context {
		return context.WithValue(context.Background(), sourcing.ContextAccessToken, given("TOKEN_"+person))
	}
	registration := sourcing.NewSupplierRegistration("Fasteners for "+client, "NO")
	registration.SetCategories([]string{"fasteners"})
	answer := answered[sourcing.SupplierOut]
	supplier, etag := answer(201)(api.RegisterSupplier(as("BUYER")).SupplierRegistration(*registration).Execute())
	_, next := answer(200)(api.SubmitSupplier(as("BUYER"), supplier.Id).IfMatch(etag).Execute())
	approval := sourcing.NewSupplierApproval([]string{"fasteners"}, nextYear)
	approve := func(person, etag string) sourcing.ApiApproveSupplierRequest {
		return api.ApproveSupplier(as(person), supplier.Id).IfMatch(etag).SupplierApproval(*approval)
	}

	_, response, err := approve("MANAGER", etag).Execute()
	code := refused(412, response, err)
	expect(code == "changed_meanwhile", "a stale ETag: %s", code)
	_, response, err = approve("BUYER_AND_MANAGER", next).Execute()
	code = refused(403, response, err)
	expect(code == "segregation_of_duties", "approving one's own: %s", code)
	approved, _ := answer(200)(approve("MANAGER", next).Execute())
	expect(approved.Status == "approved", "it is %s", approved.Status)
	return supplier.Id
}

func ordering() *procurement.APIClient {
	configuration := procurement.NewConfiguration()
	configuration.Servers = procurement.ServerConfigurations{{URL: given("PROCUREMENT_URL")}}
	return procurement.NewAPIClient(configuration)
}

func orderingAs(person string) context.Context {
	return context.WithValue(context.Background(), procurement.ContextAccessToken, given("TOKEN_"+person))
}

func ordered(supplier string) string {
	api := ordering()
	as := orderingAs
	yard := procurement.NewSiteIn("Yard of "+client, "IS", "Atlantic/Reykjavik")
	site, _ := answered[procurement.Site](201)(api.SitesAPI.PutSite(as("ADMIN"), client).SiteIn(*yard).Execute())
	expect(site.Code == client, "the site is %s", site.Code)
	until("procurement knows the supplier", func() (string, bool) {
		known, _, err := api.SuppliersAPI.GetSupplier(as("BUYER"), supplier).Execute()
		return supplier, err == nil && known.Supplier != nil && known.Supplier.Status == "approved"
	})

	lines := []procurement.OrderLineIn{}
	for _, item := range []string{"FST-7008", "FST-7012", "FST-7108"} {
		line := procurement.NewOrderLineIn(item, "Fastener "+item, "fasteners", "5000", "C62", "0.189")
		line.SetPromisedOn(today)
		lines = append(lines, *line)
	}
	draft := procurement.NewOrderIn(supplier, "EUR", client, "PUMPS", "4100", lines)
	draft.SetOrderedOn(today)
	orders := api.PurchaseOrdersAPI
	create := orders.CreatePurchaseOrder(as("ORDERER")).OrderIn(*draft).IdempotencyKey("order of " + client)
	order, etag := answered[procurement.Order](201)(create.Execute())
	expect(order.Total.Amount == "2835.00", "it costs %s", order.Total.Amount)
	again, _ := answered[procurement.Order](201)(create.Execute())
	expect(again.Id == order.Id, "a retry made another order: %s", again.Id)

	moved := answered[procurement.OrderHeader](200)
	_, etag = moved(orders.SubmitPurchaseOrder(as("ORDERER"), order.Id).IfMatch(etag).Execute())
	_, etag = moved(orders.ApprovePurchaseOrder(as("APPROVER"), order.Id).IfMatch(etag).Execute())
	_, etag = moved(orders.IssuePurchaseOrder(as("ORDERER"), order.Id).IfMatch(etag).Execute())
	acknowledgement := procurement.NewAcknowledgement()
	acknowledgement.SetSupplierReference("SO of " + client)
	acknowledged, _ := answered[procurement.AcknowledgePurchaseOrder200Response](200)(
		orders.AcknowledgePurchaseOrder(as("ORDERER"), order.Id).IfMatch(etag).Acknowledgement(*acknowledgement).Execute())
	expect(acknowledged.OrderHeader.GetSupplierReference() == "SO of "+client, "it is not acknowledged")
	return order.Id
}

func received(order string) {
	api := ordering()
	as := orderingAs
	lines := []procurement.ReceiptLine{}
	for number := int32(1); number <= 3; number++ {
		lines = append(lines, *procurement.NewReceiptLine(number, "5000"))
	}
	arrived := procurement.NewReceiptIn(lines)
	arrived.SetReceivedOn(today)
	arrived.SetDespatchReference("LS of " + client)
	receipt, _ := answered[procurement.RecordedReceipt](201)(
		api.GoodsReceiptsAPI.ReceiveGoods(as("RECEIVER"), order).ReceiptIn(*arrived).Execute())
	expect(receipt.OrderStatus == "closed", "the order is %s", receipt.OrderStatus)

	shown, _ := answered[procurement.GetPurchaseOrder200Response](200)(
		api.PurchaseOrdersAPI.GetPurchaseOrder(as("BUYER"), order).Execute())
	expect(shown.Order.Status == "closed" && len(shown.Order.Lines) == 3, "the order is %s", shown.Order.Status)
}

func told(order string) {
	api := ordering()
	as := orderingAs
	page, _ := answered[procurement.ListEvents200Response](200)(api.EventsAPI.ListEvents(as("AUDITOR")).Limit(1000).Execute())
	count := 0
	for _, logged := range page.EventPage.Items {
		if logged.Event.Subject == order {
			count++
			expect(logged.Event.Streamsequence == fmt.Sprint(count), "after %d comes %s", count-1, logged.Event.Streamsequence)
		}
	}
	expect(count > 2, "%d events", count)
}

func scored(supplier string) string {
	configuration := performance.NewConfiguration()
	configuration.Servers = performance.ServerConfigurations{{URL: given("PERFORMANCE_URL")}}
	api := performance.NewAPIClient(configuration).ScoresAPI
	as := context.WithValue(context.Background(), performance.ContextAccessToken, given("TOKEN_BUYER"))
	score := until("the score", func() (*performance.SupplierScore, bool) {
		looked, _, err := api.GetSupplierScore(as, supplier).Execute()
		if err != nil || looked.SupplierScore == nil {
			return nil, false
		}
		return looked.SupplierScore, looked.SupplierScore.Score.Get() != nil
	})
	answers++
	expect(score.GetGrade() == "A", "the grade is %s", score.GetGrade())
	return score.GetScore()
}
