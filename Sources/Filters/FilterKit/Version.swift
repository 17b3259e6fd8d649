/// The version of Hector, after semantic versioning.
package let version = "0.1.0"
