module custom-reasoning

go 1.19

require github.com/kadirpekel/hector/plugins/grpc v0.1.0

// The SDK is beside the examples until it is published.
replace github.com/kadirpekel/hector/plugins/grpc => ../../sdk/go
