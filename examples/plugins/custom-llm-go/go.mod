module custom-llm-go

go 1.19

require (
	github.com/kadirpekel/hector/plugins/grpc v0.1.0
	google.golang.org/grpc v1.33.3
)

// The SDK is beside the examples until it is published.
replace github.com/kadirpekel/hector/plugins/grpc => ../../sdk/go
