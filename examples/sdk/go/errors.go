package grpc

import (
	"context"
	"errors"
	"strings"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// told sorts an error: into the text of an answer's error field, or into a status.
func told(err error) (text string, failure error) {
	if err == nil {
		return "", nil
	}
	failure = asStatus(err)
	if status.Code(failure) != codes.Unknown {
		return "", failure
	}
	if text = status.Convert(failure).Message(); text == "" {
		text = "it did not say why"
	}
	return text, nil
}

// asStatus is for answers that have no field for an error.
func asStatus(err error) error {
	var carrier interface{ GRPCStatus() *status.Status }
	switch {
	case err == nil:
		return nil
	case errors.As(err, &carrier) && carrier.GRPCStatus().Code() != codes.OK:
		inner := carrier.GRPCStatus()
		// What was wrapped around it, without the words that status puts before its own.
		text := strings.Replace(err.Error(), inner.Err().Error(), inner.Message(), 1)
		return status.Error(inner.Code(), text)
	case errors.Is(err, context.Canceled):
		return status.Error(codes.Canceled, err.Error())
	case errors.Is(err, context.DeadlineExceeded):
		return status.Error(codes.DeadlineExceeded, err.Error())
	}
	return status.Error(codes.Unknown, err.Error())
}
