module github.com/kadirpekel/hector/plugins/grpc

go 1.19

require (
	github.com/golang/protobuf v1.4.1
	github.com/hashicorp/go-hclog v0.11.0
	github.com/hashicorp/go-plugin v1.0.1
	google.golang.org/grpc v1.33.3
)
