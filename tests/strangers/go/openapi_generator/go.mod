module lifecycle

go 1.24

require (
	purveyor.example/clients/procurement v0.0.0
	purveyor.example/clients/sourcing v0.0.0
	purveyor.example/clients/supplierperformance v0.0.0
)

replace (
	purveyor.example/clients/procurement => ../procurement
	purveyor.example/clients/sourcing => ../sourcing
	purveyor.example/clients/supplierperformance => ../supplierperformance
)
