package grpc

import (
	"context"
	"errors"
	"strings"
	"unicode/utf8"

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
	return reason(status.Convert(failure).Message()), nil
}

// reason is for a field whose emptiness means success.
func reason(text string) string {
	if text == "" {
		return "it did not say why"
	}
	return valid(text)
}

// asStatus is for answers without a field for errors.
func asStatus(err error) error {
	var carrier interface{ GRPCStatus() *status.Status }
	switch {
	case err == nil:
		return nil
	case errors.As(err, &carrier) && carrier.GRPCStatus().Code() != codes.OK:
		inner := carrier.GRPCStatus()
		// The text wrapped around it, without the words that status puts before its own.
		text := strings.Replace(err.Error(), inner.Err().Error(), inner.Message(), 1)
		return status.Error(inner.Code(), valid(text))
	case errors.Is(err, context.Canceled):
		return status.Error(codes.Canceled, valid(err.Error()))
	case errors.Is(err, context.DeadlineExceeded):
		return status.Error(codes.DeadlineExceeded, valid(err.Error()))
	}
	return status.Error(codes.Unknown, valid(err.Error()))
}

// valid is a text that the wire format allows; one that is not UTF-8 is an error of the call.
func valid(text string) string { return strings.ToValidUTF8(text, "\uFFFD") }

// splitCharacter splits off the beginning of a character at the end of a text.
func splitCharacter(text string) (whole, begun string) {
	for at := len(text) - 1; at >= 0 && at > len(text)-utf8.UTFMax; at-- {
		if utf8.RuneStart(text[at]) {
			if !utf8.FullRuneInString(text[at:]) {
				return text[:at], text[at:]
			}
			break
		}
	}
	return text, ""
}

// validTexts makes a copy, because the plugin may continue to use its own.
func validTexts(texts map[string]string) map[string]string {
	if texts == nil {
		return nil
	}
	out := make(map[string]string, len(texts))
	for key, text := range texts {
		out[valid(key)] = valid(text)
	}
	return out
}
